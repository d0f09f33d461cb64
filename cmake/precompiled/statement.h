// The same for the modules and programs that run once a statement.
#include "base/options.h"
#include "engine/catalog/catalog.h"
#include "engine/functions/aggregate_function.h"
#include "engine/functions/expression.h"
#include "engine/functions/scalar_function.h"
#include "engine/sql/ast.h"
#include "foundation.h"
