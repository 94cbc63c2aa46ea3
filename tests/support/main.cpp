// The main function of every test program.
//
// Why one of our own: the tests read files of the repository (DAYBOOK_SOURCE_DIR is ".") and start
// the program (DAYBOOK_BINARY), so they run in the root of the sources wherever they were started
// from. A DAYBOOK_BINARY that is set already is kept: ./dev test points it at the release build.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (chdir(TEST_MAIN_SOURCE_DIR) != 0) {
        std::perror("tests: chdir to " TEST_MAIN_SOURCE_DIR);
        return 1;
    }
    constexpr int kKeepExisting = 0;
    setenv("DAYBOOK_BINARY", TEST_MAIN_BINARY, kKeepExisting);
    return RUN_ALL_TESTS();
}
