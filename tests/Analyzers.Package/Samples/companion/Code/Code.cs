using Atoll;

public sealed class Code
{
    private readonly object _gate = new();
    private readonly Func<object> _make = static () => new object();
    private object? _cache;
    private readonly List<int> _room = new(4);
    private int _depth;

    [NoGC]
    public int Quiet(int n) => n + 1;

    [NoGC]
    public object Loud() => new object();

    // The list of contracts that the project brings along is wrong about this one, so the rules are silent.
    [NoGC]
    public object Hidden() => Vendor.Make();

    [NoGC]
    public object Cached() => _cache ??= Make();

    [AllowAlloc("made once")]
    private object Make() => new object();

    [NoGC]
    public object Outer() => Inner();

    [NoGC]
    private object Inner() => _make();

    [NoThrow]
    public int Share(int n, int by) => n / by;

    [NoRecursion]
    public int Depth(Func<int> more) => _depth++ < 1 ? more() : 0;

    [NoLock]
    public void Locked() { lock (_gate) { } }

    [NoBlock]
    public void Waits() { lock (_gate) { } }

    public object Gate => _gate;

    // It says that it allocates once.
    [AllowAlloc("made once", Amortized = true)]
    public object Again() => new object();

    // The rules say that Add allocates. Here there is always room.
    [NoGC]
    public int Room(int n) { _room.Add(n); _room.Clear(); return n; }

    // What it may allocate is not counted, what it promises besides is.
    [AllowAlloc("it may"), NoLock]
    private object Allowed() => new object();

    [NoGC]
    public object ThroughAllowed() => Allowed();

    [NoGC]
    public int Tried(int n)
    {
        try { return n > 0 ? n : -n; } finally { _depth = 0; }
    }
}
