/** What holds for every statement of a run. */
final class ScriptOptions {
    /** Go on with the next statement after one that failed. */
    boolean keepGoing;
    /** How often each job runs; the rows of the last run are written. */
    int repeat = 1;
    /** A SELECT is stopped after so many rows. */
    long maxRows = Long.MAX_VALUE;
    /** A job is cancelled after so many seconds; 0 is never. */
    double timeoutSeconds;
}
