using System;
using Atoll;

namespace Snippets;

static class Tuples
{
    static (int A, string B) s_pair = (1, "x");

    [NoGC, Clean] static void Literal() => s_pair = (2, "y");
    [NoGC, Clean] static void Swapped() { int a = 1, b = 2; (a, b) = (b, a); Sink.Number = a; }
    [NoGC, Clean] static void Compared() => Sink.Flag = s_pair == (1, "x");
    [NoGC, Clean] static void ComparedNested() => Sink.Flag = ((1, 2), 3) != ((1, 2), Given.Number);
    [NoGC, Clean] static void Deconstructed() { (int a, string b) = s_pair; Sink.Number = a; Sink.Text = b; }
    [NoGC, Clean] static void Returned() => Sink.Number = Two().Item1;
    [NoGC, Clean] static void Switched() => Sink.Number = (Given.Number, Given.Color) switch { (1, _) => 1, (_, Color.Red) => 2, _ => 3 };
    [NoGC, Clean] static void Large() { (int, int, int, int, int, int, int, int, int) all = (1, 2, 3, 4, 5, 6, 7, 8, 9); Sink.Number = all.Item9; }
    [NoGC, Allocates("ATL2001")] static void ReferenceTuple() => Sink.Object = new Tuple<int, int>(1, 2);
    [NoGC, Allocates("ATL2007")] static void Created() => Sink.Object = Tuple.Create(1, 2);

    static (int, int) Two() => (1, 2);
}
