namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>Declarations that the ownership tests share.</summary>
internal static class Capability
{
    /// <summary>
    /// A linear <c>Cap</c> with its mint, a non-copyable <c>Table</c> that keeps some, and functions over them.
    /// </summary>
    public const string Declarations =
        """
        [Linear] struct Cap
        {
            private int _raw;
            public static Cap Make() => new Cap { _raw = 1 };
            public static void Drop(Cap cap) { }
            [Consumes] public void Close() => _raw = 0;
            public readonly bool IsSet => _raw != 0;
            public void Touch() => _raw++;
            public int Next { get { return ++_raw; } }
        }
        [Linear] ref struct Guard { private int _x; public static Guard Take() => new Guard(); [Consumes] public void Dispose() => _x = 0; public readonly void Look() { } }
        [NonCopyable] struct Table { public Cap First; public Cap Second; public int Count; public void Reset() { } public readonly int Size => Count; }
        struct Free { public int X; public void Go() { } }
        static Cap Make() => Cap.Make();
        static ref Cap Slot(ref Table table) => ref table.First;
        static void Take(Cap cap) => Cap.Drop(cap);
        static void Look(in Cap cap) { }
        static void Change(ref Cap cap) { }
        static void Both(ref Cap a, ref Cap b) { }
        static void LookBoth(in Cap a, in Cap b) { }
        static void Mixed(ref Cap a, in Cap b) { }
        static void Get(out Cap cap) => cap = Make();
        static bool Ask() => true;
        static T Id<T>(T value) => value;
        static void Lend<[AllowLinear] T>(ref T value) { }

        """;
}
