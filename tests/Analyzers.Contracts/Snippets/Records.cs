using Atoll;

namespace Snippets;

record Person(string Name, int Age);

sealed record Point3(int X, int Y, int Z);

record struct Spot(int X, int Y);

readonly record struct Wild(object Value);

static class Records
{
    static readonly Person s_person = new("a", 1);
    static readonly Person s_other = new("b", 1);
    static readonly Point3 s_point = new(1, 2, 3);
    static Spot s_spot = new(1, 2);
    static Wild s_wild = new("x");

    [NoGC, Allocates("ATL2001")] static void Made() => Sink.Object = new Person("a", 1);
    [NoGC, Allocates("ATL2001")] static void With() => Sink.Object = s_person with { Age = 2 };
    [NoGC, Allocates("ATL2001")] static void WithNothing() => Sink.Object = s_point with { };
    [NoGC, Allocates("ATL2007")] static void StructText() => Sink.Text = s_spot.ToString();
    [NoGC, NotKnown] static void ClassText() => Sink.Text = s_person.ToString();
    [NoGC, Allocates("ATL2007")] static void SealedText() => Sink.Text = s_point.ToString();
    [NoGC, Clean] static void StructMade() => s_spot = new Spot(3, 4);
    [NoGC, Clean] static void StructWith() => s_spot = s_spot with { X = 5 };
    [NoGC, Clean] static void StructEqual() => Sink.Flag = s_spot == new Spot(1, 2);
    [NoGC, Clean] static void StructEquals() => Sink.Flag = s_spot.Equals(new Spot(1, 2));
    [NoGC, Clean] static void StructHash() => Sink.Number = s_spot.GetHashCode();
    [NoGC, Clean] static void SealedEqual() => Sink.Flag = s_point == s_point;
    [NoGC, Clean] static void Deconstructed() { (int x, int y) = s_spot; Sink.Number = x + y; }
    [NoGC, Clean] static void ClassDeconstructed() { (string name, int age) = s_person; Sink.Text = name; Sink.Number = age; }
    [NoGC, Clean] static void Property() => Sink.Number = s_person.Age;
    [NoGC, NotKnown] static void WildEqual() => Sink.Flag = s_wild == s_wild;
    [NoGC, NotKnown] static void OpenEqual() => Sink.Flag = s_person == s_other;
}
