#include "orchestrator/cli/run.h"

int main(int argc, char** argv) { return sitewide::run(argc, argv); }
