# How every target of ours is compiled: language, warnings, sanitizers, ccache.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "Daybook is built with clang 19: use a preset, such as cmake --preset dev "
        "(g++ 12 miscompiles coroutines)")
endif()

# A clone at another path hits the same cache entries, as no path enters the hash. Only C++: ccache
# does not see what .incbin reads.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
        "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE_PROGRAM}")
endif()
add_compile_options("-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.")

# TRY is a statement expression; everything else that clang warns about here is an error.
set(warnings -Wall -Wextra -Wpedantic -Wno-gnu-statement-expression -Wshadow -Wconversion
    -Wthread-safety -Werror)
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:${warnings};-fstack-protector-strong>")
add_link_options(-fuse-ld=lld -Wl,-z,relro -Wl,-z,now)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

if(DAYBOOK_SANITIZE)
    add_compile_options(
        "-fsanitize=${DAYBOOK_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
    # The coverage hooks of fuzzer-no-link go into the libraries; fuzz targets link the fuzzer.
    string(REPLACE "fuzzer-no-link," "" link_sanitize "${DAYBOOK_SANITIZE}")
    add_link_options("-fsanitize=${link_sanitize}")
endif()
