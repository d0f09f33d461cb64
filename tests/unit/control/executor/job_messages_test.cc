// The job protocol's lines: what is understood, and what is refused with which words.
#include "control/executor/local/job_messages.h"

#include <gtest/gtest.h>

namespace millrace::executor {
namespace {

TEST(JobMessages, ACallComesThroughAsItWasSent) {
  JobCall call;
  call.op = JobOp::kStop;
  call.directory = "/save \"points\"/ü";
  call.drain = true;
  auto read = DecodeCall(EncodeCall(call));
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(read->op, JobOp::kStop);
  EXPECT_EQ(read->directory, call.directory);
  EXPECT_TRUE(read->drain);
  call = {JobOp::kRescale, "", false, 7};
  read = DecodeCall(EncodeCall(call));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->parallelism, 7);
  EXPECT_EQ(EncodeCall(JobCall{}), R"({"v":1,"op":"status"})");
}

TEST(JobMessages, MembersOfLaterTimesArePassedOver) {
  EXPECT_TRUE(DecodeCall(R"({"v":1,"op":"status","colour":"blue","deep":[[[1]]]})").ok());
}

TEST(JobMessages, WhatIsWrongIsNamed) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "protocol.request"},
      {"rubbish", "protocol.request"},
      {"[1,2]", "protocol.request"},
      {R"({"op":"status"})", "protocol.request"},
      {R"({"v":"1","op":"status"})", "protocol.request"},
      {R"({"v":0,"op":"status"})", "protocol.request"},
      {R"({"v":1})", "protocol.request"},
      {R"({"v":1,"op":7})", "protocol.request"},
      {R"({"v":2,"op":"status"})", "protocol.version"},
      {R"({"v":1,"op":"statu"})", "protocol.unknown_op"},
      {R"({"v":1,"op":"stop","drain":"yes"})", "protocol.request"},
      {R"({"v":1,"op":"savepoint","directory":5})", "protocol.request"},
      {R"({"v":1,"op":"savepoint","directory":"relative"})", "protocol.request"},
      {R"({"v":1,"op":"savepoint","directory":"/a\u0000b"})", "protocol.request"},
      {R"({"v":1,"op":"rescale"})", "protocol.request"},
      {R"({"v":1,"op":"rescale","parallelism":0})", "protocol.request"},
      {R"({"v":1,"op":"rescale","parallelism":99999999999})", "protocol.request"},
  };
  for (const auto& [line, code] : wrong) {
    auto call = DecodeCall(line);
    ASSERT_FALSE(call.ok()) << line;
    EXPECT_EQ(call.error().code, code) << line;
    EXPECT_FALSE(call.error().message.empty());
  }
  EXPECT_NE(DecodeCall(R"({"v":1,"op":"statu"})").error().hint.find("status"), std::string::npos);
}

TEST(JobMessages, DeepAndBrokenTextIsRefused) {
  EXPECT_FALSE(DecodeCall(std::string(60'000, '[')).ok());
  EXPECT_FALSE(DecodeCall("{\"v\":1,\"op\":\"\xFF\xFE\"}").ok());
}

TEST(JobMessages, AReportComesThrough) {
  JobReport report;
  report.name = "orders";
  report.state = "RUNNING";
  report.since = 1'700'000'000'123;
  report.statement = "INSERT INTO o\nSELECT 'ü\xFF'";  // no UTF-8: still an answer
  report.parallelism = 3;
  report.operators.push_back({"Source", 3, 0, 10, 5, 1, std::nullopt, 0});
  report.operators.push_back({"Window", 3, 10, 2, 5, 1, 1000, 4});
  report.checkpoints = 5;
  report.last_checkpoint = SnapshotReport{"/state/chk-5", 1, 20, 300};
  report.checkpoint_failures.push_back({3, "snapshot.io", "disk full"});
  report.failures.push_back({2, "kafka.broker", "it went away"});
  report.restarts = 1;
  JobAnswer answer;
  answer.job = report;
  auto read = DecodeAnswer(EncodeAnswer(answer));
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  ASSERT_TRUE(read->job.has_value());
  EXPECT_FALSE(read->error.has_value());
  EXPECT_EQ(read->job->since, report.since);
  ASSERT_EQ(read->job->operators.size(), 2U);
  EXPECT_FALSE(read->job->operators[0].watermark.has_value());
  EXPECT_EQ(read->job->operators[1].watermark, 1000);
  EXPECT_EQ(read->job->operators[1].late_rows, 4);
  EXPECT_EQ(read->job->last_checkpoint->path, "/state/chk-5");
  EXPECT_FALSE(read->job->last_savepoint.has_value());
  EXPECT_EQ(read->job->checkpoint_failures[0].message, "disk full");
  EXPECT_EQ(read->job->failures[0].code, "kafka.broker");
}

TEST(JobMessages, AnErrorComesThrough) {
  JobAnswer answer;
  answer.error = UserError("savepoint.no_directory", "there is no folder", "name one");
  auto read = DecodeAnswer(EncodeAnswer(answer));
  ASSERT_TRUE(read.ok());
  ASSERT_TRUE(read->error.has_value());
  EXPECT_EQ(read->error->code, "savepoint.no_directory");
  EXPECT_EQ(read->error->hint, "name one");
  EXPECT_EQ(DecodeAnswer("OK").error().code, "protocol.answer");
}

}  // namespace
}  // namespace millrace::executor
