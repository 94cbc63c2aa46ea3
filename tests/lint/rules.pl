#!/usr/bin/perl
# The rules of this repository that a machine can judge, each of them a test with the label lint.
#
#   rules.pl --list
#   rules.pl <rule> <root> [<link_edges.txt>]     prints path:line: finding, ends 1 if there is one
#
# Why Perl: every Debian has perl-base, and a rule is mostly a regular expression. What a rule
# catches is shown by self_test.pl, which plants a violation of each.
use strict;
use warnings;

# S2. Which folders of src/ a folder may include; what those may include, it may include as well.
my %edges = (
    'base'             => [],
    'domain'           => ['base'],
    'reports'          => ['domain'],
    'app'              => [ 'domain', 'reports' ],
    'storage'          => [ 'app', 'reports' ],
    'storage/memory'   => ['storage'],
    'storage/sql'      => ['storage'],
    'storage/sqlite'   => ['storage/sql'],
    'storage/postgres' => ['storage/sql'],
    'delivery'         => ['app'],
    'delivery/http'    => ['delivery'],
    'delivery/nats'    => ['delivery'],
    'realtime'         => ['app'],
    'http'             => [ 'app', 'realtime' ],
    'cli'              => ['app'],
);

# What each library links beyond those edges. Only base knows the machine, and the core no format.
my %external_links = (
    'base' => [
        qw(OpenSSL::Crypto PkgConfig::sodium Threads::Threads date::date-tz fmt::fmt spdlog::spdlog)
    ],
    'app'              => ['Boost::json'],
    'storage_sqlite'   => ['SQLite::SQLite3'],
    'storage_postgres' => ['PkgConfig::pq'],
    'delivery_http'    => [ 'asio_beast', 'OpenSSL::SSL' ],
    'delivery_nats'    => ['PkgConfig::nats'],
    'http'             => [ 'asio_beast', 'Boost::json' ],
    'cli'              => [ 'Boost::json', 'CLI11::CLI11', 'ZLIB::ZLIB' ],
    'asio_beast'       => [ 'Boost::headers', 'Threads::Threads' ],
);

use constant {
    FILE_LINES_MAX     => 500,
    LINE_COLUMNS_MAX   => 100,
    FUNCTION_LINES_MAX => 70,
};

my %rules = (
    include_edges        => \&include_edges,
    link_edges           => \&link_edges,
    pure_core            => \&pure_core,
    visible_concurrency  => \&visible_concurrency,
    file_and_line_length => \&file_and_line_length,
    function_length      => \&function_length,
    no_floating_point    => \&no_floating_point,
    inserts_name_columns => \&inserts_name_columns,
    no_leftovers         => \&no_leftovers,
    opening_comment      => \&opening_comment,
    prose_at_the_root    => \&prose_at_the_root,
    no_machine_paths     => \&no_machine_paths,
    no_conflict_markers  => \&no_conflict_markers,
);

my ( $root, $link_edges_path, @findings );

sub finding {
    my ( $path, $line, $words ) = @_;
    push @findings, "$path:$line: $words";
}

# ------------------------------------------------------------------------------------------- files

# All files that are, or would be, tracked, relative to the root.
sub files {
    my @paths;
    if ( -e "$root/.git" ) {
        open my $git, '-|', 'git', '-C', $root, qw(ls-files -z --cached --others --exclude-standard)
          or die "lint: git: $!\n";
        @paths = split /\0/, join '', <$git>;
        close $git or @paths = ();
    }
    @paths = walk('') unless @paths;
    return sort grep { -f "$root/$_" } @paths;
}

sub walk {
    my ($folder) = @_;
    my @paths;
    opendir my $handle, "$root/$folder" or die "lint: $root/$folder: $!\n";
    for my $name ( readdir $handle ) {
        next if $name =~ /^(\.|\.\.|\.git|\.cache|build|data|node_modules)$/;
        my $path = $folder eq '' ? $name : "$folder/$name";
        push @paths, -d "$root/$path" ? walk($path) : $path;
    }
    return @paths;
}

sub cpp_files {
    my ($pattern) = @_;
    return grep { /\.(cpp|h)$/ && /$pattern/ } files();
}

sub content {
    my ($path) = @_;
    open my $file, '<:raw', "$root/$path" or die "lint: $path: $!\n";
    local $/;
    my $text = <$file>;
    return defined $text ? $text : '';
}

sub text_lines { return split /\n/, content( $_[0] ), -1 }

sub is_binary { return index( content( $_[0] ), "\0" ) >= 0 }

# The code alone: comments and literals become blanks, line numbers stay.
sub code {
    my $text = content( $_[0] );
    my $blank = sub { my $part = $_[0]; $part =~ s/[^\n]/ /g; $part };
    $text =~ s/(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])/_/g;
    $text =~ s{
        ( //[^\n]* | /\*.*?\*/
        | R"([^(\s]*)\(.*?\)\2"
        | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    }{ $blank->($1) }gesx;
    return $text;
}

# Calls for each line of a file's code that the pattern matches.
sub code_matches {
    my ( $path, $pattern, $words ) = @_;
    my $number = 0;
    for my $line ( split /\n/, code($path) ) {
        $number++;
        finding( $path, $number, "$words: $1" ) if $line =~ /($pattern)/;
    }
}

# ----------------------------------------------------------------------------------------- S2, S12

# The folder of a file of src/, as named in %edges; '' for main.cpp.
sub folder_of {
    my ($path) = @_;
    $path =~ s{^src/}{};
    return '' unless $path =~ s{/[^/]*$}{};
    return $path;
}

sub reachable {
    my ( $folder, $seen ) = @_;
    $seen = {} unless $seen;
    return keys %$seen if $seen->{$folder}++;
    reachable( $_, $seen ) for @{ $edges{$folder} };
    return keys %$seen;
}

sub include_edges {
    for my $path ( cpp_files(qr{^src/}) ) {
        my $folder = folder_of($path);
        next if $folder eq '';
        if ( !$edges{$folder} ) {
            finding( $path, 1, "the folder src/$folder is not in the table of edges" );
            next;
        }
        my %allowed = map { $_ => 1 } reachable($folder);
        ( my $library = $folder ) =~ tr{/}{_};
        my $number = 0;
        for my $line ( text_lines($path) ) {
            $number++;
            next unless $line =~ /^\s*#\s*include\s*"([^"]+)"/;
            my $target = folder_of($1);
            next if $1 =~ m{^embedded/\Q$library\E(?:_\w+)?\.h$} || $allowed{$target};
            finding( $path, $number, "$folder may not include \"$1\"" );
        }
    }
}

sub link_edges {
    die "lint: link_edges needs the file that CMake wrote\n" unless $link_edges_path;
    my %allowed = map { ( my $name = $_ ) =~ tr{/}{_}; ( $name => {} ) } keys %edges;
    for my $folder ( keys %edges ) {
        ( my $name = $folder ) =~ tr{/}{_};
        for my $target ( @{ $edges{$folder} } ) {
            ( my $target_name = $target ) =~ tr{/}{_};
            $allowed{$name}{$target_name} = 1;
        }
    }
    for my $name ( keys %external_links ) {
        $allowed{$name}{$_} = 1 for @{ $external_links{$name} };
    }

    open my $file, '<', $link_edges_path or die "lint: $link_edges_path: $!\n";
    my $count = 0;
    while (<$file>) {
        my ( $from, $to ) = split;
        $count++;
        finding( 'CMakeLists.txt', 1, "$from may not link $to" ) unless $allowed{$from}{$to};
    }
    finding( 'CMakeLists.txt', 1, "no link edges in $link_edges_path" ) if $count == 0;
}

# domain decides, reports adds, app commands: time, threads and I/O come in as arguments.
sub pure_core {
    my $impure = qr{
          \#\s*include\s*<(thread|future|condition_variable|stop_token|semaphore|unistd\.h
            |fstream|filesystem|random|sqlite3\.h|libpq-fe\.h|boost/(asio|beast)[^>]*)>
        | \bstd::(this_thread|thread|jthread|async|random_device)\b
        | \b(system|steady|high_resolution|utc|file)_clock\s*::\s*now\b
        | \b(sleep|usleep|nanosleep|sleep_for|sleep_until)\s*\(
        | \b(time|clock_gettime|gettimeofday)\s*\(\s*(NULL|nullptr|CLOCK_\w+|&)
        | \b(rand|getenv)\s*\(
    }x;
    my $format = qr{\#\s*include\s*<boost/json[^>]*>|\bboost::json\b};
    my $shared = qr{\#\s*include\s*<(?:mutex|shared_mutex|atomic)>};

    code_matches( $_, $impure, 'the core is pure' )
      for cpp_files(qr{^src/(domain|reports|app|delivery|realtime)/(?!http/|nats/)});
    code_matches( $_, $format, 'no JSON here' )     for cpp_files(qr{^src/(domain|reports)/});
    code_matches( $_, $shared, 'values only' )      for cpp_files(qr{^src/domain/});
    for my $path ( cpp_files(qr{^src/domain/}) ) {
        my $number = 0;
        for my $line ( text_lines($path) ) {
            $number++;
            next unless $line =~ m{^\s*\#\s*include\s*"base/mutex\.h"};
            finding( $path, $number, 'values only, so no base/mutex.h' );
        }
    }
}

sub visible_concurrency {
    my $unannotated = qr{\bstd::(?:
        (?:recursive_|shared_|timed_)?mutex | lock_guard | unique_lock | scoped_lock )\b}x;
    for my $path ( grep { $_ ne 'src/base/mutex.h' } cpp_files(qr{^src/}) ) {
        code_matches( $path, $unannotated, 'use the annotated types of base/mutex.h' );
    }
    for my $path ( grep { !m{^src/http/} } cpp_files(qr{^src/}) ) {
        code_matches( $path, qr{\bco_(await|return|yield)\b}, 'coroutines live in http' );
    }
}

# ---------------------------------------------------------------------------------------------- S9

sub file_and_line_length {
    for my $path ( files() ) {
        next unless $path =~ m{^dev$|^\.ci/|^(src|tests|cmake|deploy)/|CMakeLists\.txt$};
        next if $path =~ m{^tests/(fuzz/corpus|golden)/} || $path =~ m{\.(csv|json|log)$};
        next if is_binary($path);
        my @lines = text_lines($path);
        pop @lines if @lines && $lines[-1] eq '';
        if ( @lines > FILE_LINES_MAX ) {
            finding( $path, scalar @lines, 'a file has at most ' . FILE_LINES_MAX . ' lines' );
        }
        my $number = 0;
        for my $line (@lines) {
            $number++;
            utf8::decode( my $columns = $line );
            next if length $columns <= LINE_COLUMNS_MAX;
            finding( $path, $number, 'a line has at most ' . LINE_COLUMNS_MAX . ' columns' );
        }
    }
}

# What a brace outside of functions opens, from the text before it: a scope (namespace, type), data
# (an initialiser), or the body of a function.
sub opened_by {
    my ( $head, $parentheses ) = @_;
    $head =~ s/template\s*(<(?:[^<>]|(?1))*>)//g;
    $head =~ s/\b(public|private|protected)\s*://g;
    return 'scope' if $head =~ /\bnamespace\b|^\s*extern\s*$/;
    return 'scope' if $head =~ /^\s*(class|struct|union|enum)\b/;
    return 'scope' if $head =~ /\b(class|struct|union)\s+[\w:]+[^()]*$/;
    return 'data'  if $parentheses > 0 || $head =~ /=\s*$/ || $head =~ /^[^(]*\w\s*$/;
    return 'body';
}

# Measures function bodies by their braces; the body of a lambda belongs to the function around it.
sub function_length {
    for my $path ( cpp_files(qr{^src/}) ) {
        my $text = code($path);
        $text =~ s{^([ \t]*\#(?:[^\n]*\\\n)*[^\n]*)}{ ( my $b = $1 ) =~ s/[^\n]//g; $b }gem;
        my @scopes;
        my ( $head, $parentheses, $line ) = ( '', 0, 1 );
        for my $token ( $text =~ /([{}();\n]|[^{}();\n]+)/g ) {
            if ( $token eq '{' ) {
                my $inside = @scopes && $scopes[-1]{kind} eq 'body';
                my $kind   = $inside ? 'body' : opened_by( $head, $parentheses );
                my $starts = !$inside && $kind eq 'body';
                push @scopes, { kind => $kind, line => $line, function => $starts };
                $head = '' unless $kind eq 'data';
            }
            elsif ( $token eq '}' ) {
                my $scope = pop @scopes or next;
                my $lines = $line - $scope->{line} + 1;
                $head = '' unless $scope->{kind} eq 'data';
                next unless $scope->{function} && $lines > FUNCTION_LINES_MAX;
                finding( $path, $scope->{line},
                    "this function has $lines lines, at most " . FUNCTION_LINES_MAX );
            }
            else {
                $line++        if $token eq "\n";
                $parentheses++ if $token eq '(';
                $parentheses-- if $token eq ')';
                $head = $token eq ';' && $parentheses == 0 ? '' : "$head$token";
            }
        }
    }
}

# --------------------------------------------------------------------------------------------- S13

# So that a node writes on while a newer one beside it has added a column. The table may be a {} of
# fmt, or a variable between literals.
sub inserts_name_columns {
    my $table = qr{(?:\w+|\{\}|"\s*\+\s*\w+\s*\+\s*")};
    my $unnamed = qr{\binsert\s+(?:or\s+\w+\s+)?into\s+$table\s*(?:values|select|default)\b}i;
    for my $path ( cpp_files(qr{^src/}) ) {
        my $text = content($path);
        $text =~ s{"(\s*)"}{$1}g;
        while ( $text =~ /$unnamed/g ) {
            my $number = 1 + ( substr( $text, 0, $-[0] ) =~ tr/\n// );
            finding( $path, $number, "name the columns: $&" );
        }
    }
}

# ------------------------------------------------------------------------------------- S4, S11, S15

sub no_floating_point {
    code_matches( $_, qr/\b(?:double|float)\b/, 'money and days are whole numbers' )
      for cpp_files(qr{^src/(domain|reports)/});
}

sub no_leftovers {
    for my $path ( grep { !m{^tests/lint/} } files() ) {
        next if is_binary($path);
        my $number = 0;
        for my $line ( text_lines($path) ) {
            $number++;
            # XXX in a sentence is the code of ISO 4217 for no currency.
            next unless $line =~ m{\b(TODO|FIXME|XXX(?=:|\(|\s*$)|GTEST_SKIP\b|DISABLED_)};
            finding( $path, $number, "finish it or leave it out: $1" );
        }
    }
}

sub opening_comment {
    for my $path ( cpp_files(qr{^src/}) ) {
        finding( $path, 1, 'a file opens by saying what it is, in a // comment' )
          unless content($path) =~ m{^// ?\w};
    }
}

sub prose_at_the_root {
    my %allowed = map { $_ => 1 }
      qw(README.md ARCHITECTURE.md CONTRIBUTING.md CHANGELOG.md LICENSE CMakeLists.txt);
    for my $path ( grep { !m{/} && !$allowed{$_} } files() ) {
        finding( $path, 1, 'no other prose at the root' )
          if $path =~ /\.(md|txt|rst|adoc|org|html|pdf|docx?)$/i || $path =~ /^[A-Z][A-Z_-]+$/;
    }
}

sub no_machine_paths {
    my $hosts = qr{
        registry\.(npmjs\.org|yarnpkg\.com|terraform\.io) | \b(pypi|pythonhosted|rubygems)\.org
        | \bcrates\.io | \bproxy\.golang\.org | \b(deb|security|ftp)\.debian\.org
        | \b(docker|ghcr|quay)\.io | \bnpm\.pkg\.github\.com
    }x;
    for my $path ( grep { !m{^tests/lint/} } files() ) {
        next if is_binary($path);
        my $number = 0;
        for my $line ( text_lines($path) ) {
            $number++;
            finding( $path, $number, "a path of one machine: $1" )
              if $line =~ m{(?<![\w.\}\)*-])(/(?:work|root)/|/home/\w+)};
            finding( $path, $number, "a package registry: $1" ) if $line =~ m{($hosts)};
        }
    }
}

sub no_conflict_markers {
    for my $path ( files() ) {
        my $number = 0;
        for my $line ( text_lines($path) ) {
            $number++;
            finding( $path, $number, 'a conflict is left' ) if $line =~ /^(<{7}|>{7}|\|{7})( |$)/;
        }
    }
}

# -------------------------------------------------------------------------------------------- main

my ( $name, @arguments ) = @ARGV;
if ( defined $name && $name eq '--list' ) {
    print "$_\n" for sort keys %rules;
    exit 0;
}
die "usage: rules.pl --list | <rule> <root> [<link_edges.txt>]\n"
  unless defined $name && $rules{$name} && @arguments >= 1;
( $root, $link_edges_path ) = @arguments;
die "lint: nothing to look at under $root\n" unless cpp_files(qr{^src/});
$rules{$name}->();
print "$_\n" for @findings;
exit( @findings ? 1 : 0 );
