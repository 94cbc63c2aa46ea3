#!/usr/bin/perl
# Shows that each rule of rules.pl fails on a planted violation, names its file, and is content with
# a clean tree. A rule without a plant here fails this test.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);

my $rules = dirname( abs_path($0) ) . '/rules.pl';
my $open  = "// Opens the file.\n";
my $body  = sub { 'int f() {' . "\n" x $_[0] . "}\n" };

my %clean = (
    'README.md' => "# Daybook\n",
    'CMakeLists.txt' => "project(daybook)\n",
    'build/link_edges.txt' => "domain base\napp Boost::json\nstorage_sqlite SQLite::SQLite3\n",
    'src/main.cpp' => "$open#include \"cli/config.h\"\n#include \"http/server.h\"\n",
    'src/base/mutex.h' => "$open#include <mutex>\nstd::mutex mutex;\n",
    'src/domain/money.h' => "$open#include \"base/result.h\"\n// A double, in words.\n"
      . "// XXX, no currency.\nconst char* path = \"XXXXXX\";\n",
    'src/app/store.h' => "$open#include \"domain/money.h\"\n#include \"reports/daily.h\"\n",
    'src/http/server.cpp' => "$open#include \"domain/money.h\"\nvoid f() { co_return; }\n",
    'src/storage/sqlite/migrator.cpp' => "$open#include \"embedded/storage_sqlite.h\"\n"
      . "auto a = \"insert into b (values_)\"\n    \" values (?1)\";\n"
      . "auto c = \"insert into \" + b + \" (\" + names + \") select 1\";\n",
    'src/domain/day.cpp' => "${open}namespace domain {\n"
      . "template <class T> T g(T x) {\n\n    return T{x};\n}\n"
      . ( "struct Row {\n    int a = 1;\n" . "\n" x 80 . "};\n" )
      . ( "constexpr int kTable[] = {\n" . "    1'0,\n" x 80 . "};\n" )
      . "Day::Day(int a)\n    : a_{a},\n      brace_('{') {\n    use(\"}{\", R\"({{{)\");\n}\n"
      . $body->(69)
      . "}  // namespace domain\n",
);

# Rule, file that breaks it, its content, what the finding has to say.
my @plants = (
    [ 'include_edges', 'src/domain/x.h', "$open#include \"app/store.h\"\n", 'domain may not' ],
    [ 'include_edges', 'src/base/x.h', "$open#include \"domain/x.h\"\n", 'base may not' ],
    [ 'include_edges', 'src/reports/x.h', "$open#include \"app/store.h\"\n", 'reports may not' ],
    [ 'include_edges', 'src/app/x.h', "$open#include \"storage/x.h\"\n", 'app may not' ],
    [ 'include_edges', 'src/http/x.h', "$open#include \"cli/config.h\"\n", 'http may not' ],
    [ 'include_edges', 'src/cli/x.h', "$open#include \"http/server.h\"\n", 'cli may not' ],
    [ 'include_edges', 'src/http/x.h', "$open#include \"storage/sqlite/x.h\"\n", 'http may not' ],
    [
        'include_edges', 'src/storage/memory/x.h',
        "$open#include \"storage/sqlite/x.h\"\n", 'storage/memory may not'
    ],
    [ 'include_edges', 'src/storage/x.h', "$open#include \"http/server.h\"\n", 'storage may not' ],
    [ 'include_edges', 'src/app/x.h', "$open#include \"../domain/x.h\"\n", 'app may not' ],
    [ 'include_edges', 'src/misc/x.h', $open, 'not in the table' ],

    [ 'link_edges', 'build/link_edges.txt', "domain app\n", 'domain may not link app' ],
    [ 'link_edges', 'build/link_edges.txt', "reports Boost::json\n", 'reports may not link Boost' ],
    [ 'link_edges', 'build/link_edges.txt', "storage_memory storage_sqlite\n", 'may not link' ],
    [ 'link_edges', 'build/link_edges.txt', '', 'no link edges' ],

    [ 'pure_core', 'src/domain/x.cpp', "$open#include <thread>\n", 'pure' ],
    [ 'pure_core', 'src/app/x.cpp', "$open#include <boost/asio/post.hpp>\n", 'pure' ],
    [ 'pure_core', 'src/reports/x.cpp', "$open#include <sqlite3.h>\n", 'pure' ],
    [ 'pure_core', 'src/app/x.cpp', "${open}auto t = std::chrono::system_clock::now();\n", 'pure' ],
    [ 'pure_core', 'src/app/x.cpp', "${open}void f() { sleep(1); }\n", 'pure' ],
    [ 'pure_core', 'src/app/x.cpp', "${open}std::this_thread::sleep_for(kPause);\n", 'pure' ],
    [ 'pure_core', 'src/domain/x.cpp', "$open#include <boost/json.hpp>\n", 'no JSON' ],
    [ 'pure_core', 'src/reports/x.cpp', "${open}boost::json::value v;\n", 'no JSON' ],
    [ 'pure_core', 'src/domain/x.cpp', "$open#include <mutex>\n", 'values only' ],
    [ 'pure_core', 'src/domain/x.cpp', "$open#include \"base/mutex.h\"\n", 'values only' ],

    [ 'visible_concurrency', 'src/app/x.h', "${open}std::mutex mutex_;\n", 'annotated' ],
    [ 'visible_concurrency', 'src/app/x.h', "${open}std::lock_guard lock(m);\n", 'annotated' ],
    [ 'visible_concurrency', 'src/storage/x.h', "${open}co_await f();\n", 'coroutines' ],

    [ 'file_and_line_length', 'src/app/x.h', "$open" . "\n" x 500, 'at most 500' ],
    [ 'file_and_line_length', 'src/app/x.h', "$open// " . 'x' x 98 . "\n", 'at most 100' ],
    [ 'file_and_line_length', 'tests/unit/x_test.cpp', "// " . 'x' x 98 . "\n", 'at most 100' ],

    [ 'function_length', 'src/app/x.cpp', $open . $body->(70), '71 lines' ],
    [
        'function_length', 'src/app/x.cpp',
        "${open}namespace a {\nclass B {\n public:\n" . $body->(75) . "};\n}\n", '76 lines'
    ],
    [
        'function_length', 'src/app/x.cpp',
        "${open}template <class T>\nT g(T a) {\n if (a) {\n" . "\n" x 70 . "}\n}\n", '74 lines'
    ],
    [
        'function_length', 'src/app/x.cpp',
        "${open}B::B(Options o = {}) : a_{1}, b_(2) {\n" . "\n" x 70 . "}\n", '72 lines'
    ],

    [
        'inserts_name_columns', 'src/storage/x.cpp',
        "${open}auto a = \"insert into b values (?1)\";\n", 'name the columns'
    ],
    [
        'inserts_name_columns', 'src/storage/x.cpp',
        "${open}auto a = R\"(\n    insert into b\n        values (?1))\";\n", 'name the columns'
    ],
    [
        'inserts_name_columns', 'src/storage/x.cpp',
        "${open}auto a = \"insert or ignore into b\"\n    \" select ?1\";\n", 'name the columns'
    ],
    [
        'inserts_name_columns', 'src/storage/x.cpp',
        "${open}auto a = \"insert into \" + b + \" values (?1)\";\n", 'name the columns'
    ],

    [ 'no_floating_point', 'src/domain/x.h', "${open}double amount;\n", 'whole numbers' ],
    [ 'no_floating_point', 'src/reports/x.h', "${open}float share = 0.5F;\n", 'whole numbers' ],

    [ 'no_leftovers', 'src/app/x.h', "// TODO: later\n", 'finish it' ],
    [ 'no_leftovers', 'src/app/x.h', "// FIXME\n", 'finish it' ],
    [ 'no_leftovers', 'docs/http_api.md', "XXX: explain\n", 'finish it' ],
    [ 'no_leftovers', 'src/app/x.h', "// XXX\n", 'finish it' ],
    [ 'no_leftovers', 'tests/unit/x_test.cpp', "GTEST_SKIP() << \"no\";\n", 'finish it' ],
    [ 'no_leftovers', 'tests/unit/x_test.cpp', "TEST(A, DISABLED_b) {}\n", 'finish it' ],

    [ 'opening_comment', 'src/app/x.h', "#pragma once\n", 'opens by saying' ],
    [ 'opening_comment', 'src/app/x.h', "", 'opens by saying' ],

    [ 'prose_at_the_root', 'STATUS.md', "Done.\n", 'no other prose' ],
    [ 'prose_at_the_root', 'notes.txt', "Done.\n", 'no other prose' ],
    [ 'prose_at_the_root', 'SUMMARY', "Done.\n", 'no other prose' ],

    [ 'no_machine_paths', 'docs/operations.md', "see /work/main/x\n", 'one machine' ],
    [ 'no_machine_paths', 'cmake/x.cmake', "set(A \"/root/x\")\n", 'one machine' ],
    [ 'no_machine_paths', 'src/app/x.h', "// /home/alice/daybook\n", 'one machine' ],
    [ 'no_machine_paths', 'web/lock.json', "https://registry.npmjs.org/a.tgz\n", 'registry' ],

    [ 'no_conflict_markers', 'docs/x.md', '<' x 7 . " HEAD\na\n", 'conflict' ],
    [ 'no_conflict_markers', 'docs/x.md', '>' x 7 . " main\n", 'conflict' ],
);

sub write_file {
    my ( $path, $content ) = @_;
    my $folder = '';
    for my $part ( split m{/}, dirname($path) ) {
        $folder .= "$part/";
        mkdir $folder unless $folder eq '/' || -d $folder;
    }
    open my $file, '>', $path or die "$path: $!\n";
    print {$file} $content;
    close $file or die "$path: $!\n";
}

# The exit code and the words of one rule on the clean tree, and on one with a planted file.
sub judge {
    my ( $rule, $plant, $content ) = @_;
    my $root = tempdir( 'daybook_lint_XXXXXXXX', TMPDIR => 1, CLEANUP => 1 );
    write_file( "$root/$_", $clean{$_} ) for keys %clean;
    write_file( "$root/$plant", $content ) if defined $plant;
    my @command = ( $^X, $rules, $rule, $root, "$root/build/link_edges.txt" );
    open my $run, '-|', @command or die "$rules: $!\n";
    my $words = join '', <$run>;
    close $run;
    return ( $? >> 8, $words );
}

my $failures = 0;

sub expect {
    my ( $holds, $words ) = @_;
    print $holds ? "ok: $words\n" : "FAILED: $words\n";
    $failures++ unless $holds;
}

my %planted = map { $_->[0] => 1 } @plants;
chomp( my @names = `"$^X" "$rules" --list` );
expect( @names > 0, 'there are rules' );
for my $rule (@names) {
    my ( $code, $words ) = judge($rule);
    expect( $code == 0 && $words eq '', "$rule is content with a clean tree $words" );
    expect( $planted{$rule}, "$rule has a plant" );
}
for my $plant (@plants) {
    my ( $rule, $path, $content, $expected ) = @$plant;
    my ( $code, $words ) = judge( $rule, $path, $content );
    my $named = $rule eq 'link_edges' || $words =~ /^\Q$path\E:\d+: /m;
    expect( $code == 1 && $named && $words =~ /\Q$expected\E/, "$rule finds '$expected' in $path" );
}
exit( $failures ? 1 : 0 );
