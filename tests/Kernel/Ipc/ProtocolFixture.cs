using Atoll.Ipc;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>What an instance of the tests knows: its own end of the sleep protocol. The links are its fixture's.</summary>
internal struct ProtocolState
{
    /// <summary>What it last wrote to its wake word.</summary>
    public WakeWord Wake;

    /// <summary>Turns without work, in a row.</summary>
    public uint EmptyTurns;
}

/// <summary>An instance with some links, which notes its doorbells and halts among its accesses.</summary>
internal sealed unsafe class ProtocolFixture : IDisposable
{
    [ThreadStatic]
    private static ProtocolFixture? s_running;

    private readonly LinkFixture[] _pairs;
    private ProtocolState _state;

    /// <summary>Makes an instance with so many open links; in each it is left.</summary>
    public ProtocolFixture(int links)
    {
        _pairs = [.. Enumerable.Range(0, links).Select(_ => new LinkFixture())];
        s_running = this;
        foreach (LinkFixture pair in _pairs)
        {
            pair.OpenBoth();

            // The Hello's turn is over.
            pair.Left.MustRing<RecordingMemory>();
        }
    }

    /// <summary>The links.</summary>
    public IReadOnlyList<LinkFixture> Pairs => _pairs;

    /// <summary>What the instance knows.</summary>
    public ref ProtocolState State => ref _state;

    /// <summary>Its wake word, as its first peer sees it.</summary>
    public ulong Wake => *_pairs[0].LeftWake;

    /// <summary>Empty turns before a sleep.</summary>
    public uint IdleTurns { get; init; }

    /// <summary>The wake word during the last halt.</summary>
    public ulong WakeInHalt { get; private set; }

    /// <summary>The timer of the last halt.</summary>
    public ulong Timer { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_pairs, pair => pair.Dispose());

    /// <summary>The way to the fixture of this thread.</summary>
    internal readonly struct Instance : ISleeper<ProtocolState>, IDeathBell<ProtocolState>
    {
        /// <inheritdoc/>
        public static uint LinkCount(ref readonly ProtocolState state) => (uint)s_running!._pairs.Length;

        /// <inheritdoc/>
        public static ref Link LinkAt(ref ProtocolState state, uint position) => ref s_running!._pairs[position].Left;

        /// <inheritdoc/>
        public static void Ring(ref ProtocolState state, ref readonly Link link) => AccessLog.Add(AccessKind.Doorbell);

        /// <inheritdoc/>
        public static ref WakeWord WakeOf(ref ProtocolState state) => ref state.Wake;

        /// <inheritdoc/>
        public static ulong* WakeWordOf(ref readonly ProtocolState state) => s_running!._pairs[0].LeftWake;

        /// <inheritdoc/>
        public static ref uint EmptyTurnsOf(ref ProtocolState state) => ref state.EmptyTurns;

        /// <inheritdoc/>
        public static uint IdleTurns(ref readonly ProtocolState state) => s_running!.IdleTurns;

        /// <inheritdoc/>
        public static void Breathe(ref ProtocolState state) => AccessLog.Add(AccessKind.Breath);

        /// <inheritdoc/>
        public static void Halt(ref ProtocolState state, ulong timerMicroseconds)
        {
            s_running!.WakeInHalt = s_running.Wake;
            s_running.Timer = timerMicroseconds;
            AccessLog.Add(AccessKind.Halt);
        }

        /// <inheritdoc/>
        public static void RingLinked(ref ProtocolState state, uint dead) =>
            DeathNotice.RingPeers<Instance, ProtocolState>(ref state);
    }
}
