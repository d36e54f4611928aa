using System;
using Atoll;

namespace Snippets;

static class Patterns
{
    [NoGC, Clean] static void Property() => Sink.Flag = Given.Circle is { Radius: > 2 };
    [NoGC, Clean] static void Type() => Sink.Flag = Given.Shape is Circle;
    [NoGC, Clean] static void Declared() { if (Given.Shape is Circle circle) { Sink.Number = circle.Radius; } }
    [NoGC, Clean] static void Relational() => Sink.Number = Given.Number switch { < 0 => -1, 0 => 0, > 0 => 1 };
    [NoGC, Clean] static void Combined() => Sink.Flag = Given.Number is > 0 and not 5 or -1;
    [NoGC, Clean] static void List() => Sink.Flag = Given.Numbers is [5, _, .., 1];
    [NoGC, Clean] static void ListOfList() => Sink.Flag = Given.List is [5, .., _];
    [NoGC, Clean] static void Slice() { if (Given.Text.AsSpan() is ['x', .. var rest]) { Sink.Number = rest.Length; } }
    [NoGC, Clean] static void Positional() => Sink.Flag = new Spot(1, 2) is (1, _);
    [NoGC, Clean] static void Guarded() => Sink.Number = Given.Boxed switch { int n when n > 5 => n, int => 1, _ => 0 };
    [NoGC, Clean] static void Var() { if (Given.Number + 1 is var next && next > 0) { Sink.Number = next; } }
    [NoGC, Clean] static void NotNull() => Sink.Flag = Given.Text is not null;
    [NoGC, Clean] static void Statement() { switch (Given.Boxed) { case string text: Sink.Text = text; break; case int number: Sink.Number = number; break; } }
    [NoGC, Allocates("ATL2007")] static void SliceOfText() { if (Given.Text is ['x', .. var rest]) { Sink.Text = rest; } }
    [NoGC, Clean] static void OwnDeconstruct() => Sink.Flag = new Square(2) is (2, 4);

    static void Deconstruct(this Square square, out int side, out int area) => (side, area) = (square.Side, square.Area());
}
