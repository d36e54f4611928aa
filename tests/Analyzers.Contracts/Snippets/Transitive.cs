using System;
using System.Collections.Generic;
using Atoll;

namespace Snippets;

static class Transitive
{
    static readonly Transitive2 s_other = new();
    static object? s_cache;

    [NoGC, Allocates("ATL2007")] static void OneLevel() => Make();
    [NoGC, Allocates("ATL2007")] static void TwoLevels() => Deep();
    [NoGC, Allocates("ATL2007")] static void ThroughProperty() => Sink.Object = Fresh;
    [NoGC, Allocates("ATL2003", "ATL2007")] static void ThroughSetter() => Setting = 3;
    [NoGC, Allocates("ATL2007")] static void ThroughIndexer() => Sink.Object = s_other[3];
    [NoGC, Allocates("ATL2007")] static void ThroughOperator() => Sink.Object = s_other + 3;
    [NoGC, Allocates("ATL2007")] static void ThroughConversion() => Sink.Object = Converted(s_other);
    [NoGC, Allocates("ATL2007")] static void ThroughImplicit() { string text = s_other; Sink.Text = text; }
    [NoGC, Allocates("ATL2007")] static void ThroughEvent() => s_other.Happened += null;
    [NoGC, Allocates("ATL2007")] static void ThroughInitializer() => Sink.Number = new Initialised(3).Length;
    [NoGC, Allocates("ATL2007")] static void ThroughChain() => Sink.Object = new Chained(true).Value;
    [NoGC, Allocates("ATL2007")] static void ThroughExtension() => Sink.Object = 3.Boxed();
    [NoGC, Allocates("ATL2007")] static void ThroughLocal() { Inner(); static void Inner() => Make(); }
    [NoGC, Allocates("ATL2007")] static void ThroughCycle() => Ping(3);
    [NoGC, Allocates("ATL2007")] static void ThroughDeconstruct() { (object a, int b) = s_other; Sink.Object = a; Sink.Number = b; }
    [NoGC, Allocates("ATL2007")] static void ThroughTrueOperator() { if (s_other) { Sink.Number++; } }
    [NoGC, Allocates("ATL2007")] static void ThroughIncrement() { Transitive2 other = s_other; other++; Sink.Object = other; }
    [NoGC, Allocates("ATL2007")] static void ThroughCompound() { Transitive2 other = s_other; other -= 1; Sink.Object = other; }
    [NoGC, Allocates("ATL2007")] static void ThroughGenericHelper() => Sink.Object = Wrap<string>();
    [NoGC, Allocates("ATL2007")] static void ThroughForeachCurrent() { foreach (object value in new Loud()) { Sink.Object = value; } }
    [NoGC, Allocates("ATL2007")] static void ThroughUsingDispose() { using (new LoudScope()) { Sink.Number++; } }
    [NoGC, Clean] static void Promise() => Promised();
    [NoGC, Clean] static void LookedInto() => Quiet();
    [NoGC, Clean] static void LookedIntoDeep() => QuietDeep();
    [NoGC, Clean] static void Allowed() => Accepted();
    [NoGC, Clean] static void AllowedOnce() => Sink.Object = Cached();
    [NoGC, Clean] static void Automatic() => Sink.Number = s_other.Count;
    [NoGC, Clean] static void AutomaticSet() => s_other.Count = 4;
    [NoGC, Clean] static void QuietOperator() => Sink.Number = (int)new Amount(3) + (new Amount(1) + new Amount(2)).Value;
    [NoGC, Clean] static void QuietCycle() => Even(4);
    [NoGC, Clean] static void QuietStructChain() => Sink.Number = new Amount(3, 4).Value;

    static object Fresh => new();

    static object Setting { set => Sink.Object = new object(); }

    static void Make() => Sink.Object = new object();

    static void Deep() => Make();

    static object Converted(Transitive2 other) => (object[])other;

    static object Wrap<T>() => new List<T>();

    static void Ping(int n) { if (n > 0) { Pong(n - 1); } }

    static void Pong(int n) { Ping(n - 1); Sink.Object = new object(); }

    static bool Even(int n) => n == 0 || Odd(n - 1);

    static bool Odd(int n) => n != 0 && Even(n - 1);

    [NoGC] static void Promised() => Sink.Number++;

    static void Quiet() => Sink.Number++;

    static void QuietDeep() { Quiet(); for (int i = 0; i < 3; i++) { Quiet(); } }

    [AllowAlloc("nothing is made here, and it may be")] static void Accepted() => Sink.Number++;

    [AllowAlloc("made once", Amortized = true)] static object Cached() => s_cache ??= new object();

    static object Boxed(this int value) => value;

    readonly struct Amount(int value)
    {
        public readonly int Value = value;

        public Amount(int a, int b) : this(a + b) { }

        public static Amount operator +(Amount a, Amount b) => new(a.Value + b.Value);

        public static explicit operator int(Amount amount) => amount.Value;
    }

    struct Initialised
    {
        private readonly int[] _numbers = new int[4];

        public Initialised(int first) => _numbers[0] = first;

        public readonly int Length => _numbers.Length;
    }

    readonly struct Chained
    {
        public readonly object Value;

        public Chained(bool isNew) : this(isNew ? new object() : null!) { }

        public Chained(object value) => Value = value;
    }

    readonly struct Loud
    {
        public Loud GetEnumerator() => this;

        public object Current => new();

        public bool MoveNext() => (Sink.Number = (Sink.Number + 1) % 3) != 0;
    }

    readonly struct LoudScope : IDisposable
    {
        public void Dispose() => Sink.Object = new object();
    }
}

sealed class Transitive2
{
    public int Count { get; set; }

    public object this[int index] => new int[index];

    public event Action? Happened { add => Sink.Object = new object(); remove { } }

    public static object operator +(Transitive2 other, int by) => new List<int>(by);

    public static Transitive2 operator -(Transitive2 other, int by) => new();

    public static Transitive2 operator ++(Transitive2 other) => new();

    public static bool operator true(Transitive2 other) => new object() != other;

    public static bool operator false(Transitive2 other) => false;

    public static implicit operator string(Transitive2 other) => new('x', 3);

    public static explicit operator object[](Transitive2 other) => new object[2];

    public void Deconstruct(out object first, out int second) { first = new object(); second = 1; }
}
