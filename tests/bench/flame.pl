#!/usr/bin/env perl
# flame.pl PROGRAM TITLE <samples >picture: a flame graph of what `perf script -F comm,ip,sym` says
# of one program, PROGRAM or PROGRAM-THREAD by name; and on standard error where most of the time is
# spent, by itself and with what is called.
use strict;
use warnings;

my ($program, $title) = @ARGV;
my ($width, $row, $foot) = (1400, 17, 26);
my $beginning = qr/^(_start|_*libc_start[\w@.]*|start_thread|(__)?clone3?|\[unknown\])$/;
my (%stacks, %self, %with, $total);

# A name without arguments, templates and namespaces of others, so that it can be read.
sub short {
    my ($name) = @_;
    $name =~ s/^\s*[0-9a-f]+\s+//;
    $name =~ s/\(anonymous namespace\)::|daybook::|std::(__1::)?|\[(clone|abi).*//g;
    $name =~ s/operator\(\)/call/g;
    $name =~ s/\s*\(.*|\s+$//sg;
    1 while $name =~ s/<[^<>]*>//g;
    $name =~ s/[<>].*//;
    return $name || 'unknown';
}

sub take {
    my ($comm, @frames) = @_;
    return unless defined $comm && $comm =~ /^\Q$program\E(-.*)?$/ && @frames;
    my @names = map { short($_) } reverse @frames;
    # Where the unwinder lost its way, what is below is not known but for the thread.
    if ($names[0] =~ $beginning) {
        shift @names while @names > 1 && $names[0] =~ $beginning;
    } else {
        unshift @names, '(from somewhere)';
    }
    unshift @names, $comm;
    $total++;
    $self{ $names[-1] }++;
    my %seen;
    $with{$_}++ for grep { !$seen{$_}++ } @names;
    $stacks{ join ';', @names }++;
}

my ($comm, @frames);
while (my $line = <STDIN>) {
    if ($line =~ /^(\S.*?)\s*$/) {
        $comm = $1;
    } elsif ($line =~ /^\s+[0-9a-f]+ /) {
        push @frames, $line;
    } else {
        take($comm, @frames);
        @frames = ();
    }
}
take($comm, @frames);
die "no samples of $program\n" unless $total;

for my $list (['by itself', \%self], ['with what it calls', \%with]) {
    my ($words, $of) = @$list;
    print STDERR "$program, $total samples, $words:\n";
    my @names = sort { $of->{$b} <=> $of->{$a} } keys %$of;
    splice @names, 40 if @names > 40;
    printf STDERR "  %5.1f %%  %s\n", 100 * $of->{$_} / $total, $_ for @names;
}

# Frames of one depth beside each other, those that share all below them as one.
my (@boxes, $deepest);
sub place {
    my ($depth, $from, $stacks) = @_;
    my %by;
    for (@$stacks) {
        my ($names, $count) = @$_;
        push @{ $by{ $names->[0] } }, [[@$names[1 .. $#$names]], $count] if @$names;
    }
    for my $name (sort keys %by) {
        my $count = 0;
        $count += $_->[1] for @{ $by{$name} };
        if ($count / $total > 0.001) {
            push @boxes, [$depth, $from, $count, $name];
            $deepest = $depth if $depth > ($deepest // 0);
            place($depth + 1, $from, $by{$name});
        }
        $from += $count;
    }
}
place(0, 0, [map { [[split /;/], $stacks{$_}] } sort keys %stacks]);

my $height = ($deepest + 2) * $row + 2 * $foot;
print qq{<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $height" width="$width" },
    qq{height="$height" font-family="monospace" font-size="11">\n},
    qq{<rect width="$width" height="$height" fill="#ffffff"/>\n},
    qq{<text x="8" y="18" font-size="14">$title, $total samples</text>\n};
for (@boxes) {
    my ($depth, $from, $count, $name) = @$_;
    my ($x, $w) = ($width * $from / $total, $width * $count / $total);
    my $y = $height - $foot - ($depth + 1) * $row;
    my $hue = 20 + (unpack('%32C*', $name) * 37) % 35;
    my $words = $w > 24 ? substr($name, 0, int(($w - 4) / 6.7)) : '';
    s/&/&amp;/g, s/</&lt;/g for $name, $words;
    printf qq{<g><title>%s: %.1f %%</title><rect x="%.1f" y="%d" width="%.1f" height="%d" },
        $name, 100 * $count / $total, $x, $y, $w, $row - 1;
    printf qq{fill="hsl(%d,75%%,68%%)"/><text x="%.1f" y="%d">%s</text></g>\n},
        $hue, $x + 2, $y + 12, $words;
}
print "</svg>\n";
