using System.Text;
using Atoll.Arch;

namespace Atoll.Explorer.Tso;

/// <summary>
/// Cores with FIFO store buffers over one memory: the abstract machine of x86-TSO, with interrupts and halts.
/// </summary>
/// <remarks>
/// Source: Sewell et al., "x86-TSO: A Rigorous and Usable Programmer's Model", CACM 53(7), 2010: loads take the newest
/// own buffered store, MFENCE waits for the own buffer, the oldest store may reach memory at any time. Interrupts, IRET
/// and kernel entry are given no draining power here, though the SDM grants it to some: what holds without it holds
/// with it.
/// </remarks>
public sealed unsafe partial class TsoMachine
{
    private const int AccessesPerProcedureMax = 100;

    [ThreadStatic]
    private static TsoMachine? t_running;

    private readonly MemoryMap _map;
    private readonly ulong[] _memory;
    private readonly Core[] _cores;
    private readonly bool _foldsStores;
    private int _timersLeft;

    private int _core;
    private int _context;
    private int _cursor;
    private bool _mayAct;
    private bool _hasStopped;

    /// <summary>A machine before its actors have run.</summary>
    /// <param name="map">The shared memory.</param>
    /// <param name="cores">The cores.</param>
    /// <param name="ledger">What is checked.</param>
    /// <param name="payload">How payloads are copied.</param>
    /// <param name="timers">Interrupts that may end a halt without a doorbell.</param>
    /// <param name="foldsStores">Whether a store into the own buffer, seen by nobody, is taken together with the access
    /// before it.</param>
    public TsoMachine(MemoryMap map, Core[] cores, Ledger ledger, PayloadModel payload, int timers, bool foldsStores)
    {
        _map = map;
        _cores = cores;
        _timersLeft = timers;
        _foldsStores = foldsStores;
        Ledger = ledger;
        Payload = payload;
        _memory = new ulong[map.WordCount];
        for (int word = 0; word < _memory.Length; word++)
        {
            _memory[word] = map.InitialValue(word);
        }
    }

    /// <summary>The machine that runs an actor on this thread.</summary>
    public static TsoMachine Running => t_running!;

    /// <summary>What truly happened.</summary>
    public Ledger Ledger { get; }

    /// <summary>How payloads are copied.</summary>
    public PayloadModel Payload { get; }

    /// <summary>Its cores.</summary>
    public IReadOnlyList<Core> Cores => _cores;

    /// <summary>Who takes the access that is under way.</summary>
    public Context Acting => _cores[_core].Contexts[_context];

    /// <summary>Told of every access as it is made, when somebody listens.</summary>
    public Action<string>? Trace { get; set; }

    /// <summary>Runs every actor up to its first access.</summary>
    public void Settle()
    {
        for (_core = 0; _core < _cores.Length; _core++)
        {
            for (_context = 0; _context < _cores[_core].Contexts.Length; _context++)
            {
                Run(mayAct: false);
            }
        }
    }

    /// <summary>Lists what may happen next.</summary>
    public void Enumerate(List<Move> moves)
    {
        moves.Clear();
        for (int number = 0; number < _cores.Length; number++)
        {
            Core core = _cores[number];
            Add(moves, new Move(MoveKind.Flush, number), core.Buffer.Count > 0);
            if (core.IsStopped)
            {
                continue;
            }

            for (int context = 0; context < core.Contexts.Length && !core.IsHalted; context++)
            {
                Add(moves, new Move(MoveKind.Step, number, context), IsEnabled(core, core.Contexts[context]));
            }

            Add(moves, new Move(MoveKind.Interrupt, number), core.InterruptsOpen && core.Pending != 0);
            Add(moves, new Move(MoveKind.Timer, number), core.IsHalted && _timersLeft > 0);
            Add(moves, new Move(MoveKind.Death, number), core.Mortality != Mortality.Lives && !core.IsDead);
        }

        AddAlarms(moves);
    }

    /// <summary>Makes one of the moves that <see cref="Enumerate"/> listed.</summary>
    public void Apply(Move move)
    {
        _core = move.Core;
        _context = move.Context;
        Core core = _cores[_core];
        switch (move.Kind)
        {
            case MoveKind.Step:
                Run(mayAct: true);
                break;
            case MoveKind.Flush:
                Flush(core);
                break;
            case MoveKind.Interrupt:
                Interrupt(core);
                break;
            case MoveKind.Timer:
                _timersLeft--;
                Wake(core);
                Trace?.Invoke($"core {_core} is woken by a timer");
                break;
            case MoveKind.Alarm:
                Wake(core);
                Trace?.Invoke($"core {_core} is woken by its timer");
                break;
            case MoveKind.Death:
                Die(core);
                break;
        }
    }

    /// <summary>What a word of memory holds.</summary>
    public ulong MemoryAt(int word) => _memory[word];

    /// <summary>
    /// Whether nothing will happen of its own accord, and every actor that lives has done what it had to.
    /// </summary>
    public bool IsAtRest()
    {
        foreach (Core core in _cores)
        {
            bool rests = core.Buffer.Count == 0
                && (core.IsStopped || Array.TrueForAll(core.Contexts, context => IsAtRest(core, context)));
            if (!rests)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes the canonical form.</summary>
    public void Save(StateWriter writer)
    {
        writer.Byte((byte)_timersLeft);
        Ledger.Save(writer);
        foreach (Core core in _cores)
        {
            core.Save(writer);
        }

        foreach (ulong word in _memory)
        {
            writer.Word(word);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(ReadOnlySpan<byte> state)
    {
        StateReader reader = new(state);
        _timersLeft = reader.Byte();
        Ledger.Restore(ref reader);
        foreach (Core core in _cores)
        {
            core.Restore(ref reader);
        }

        for (int word = 0; word < _memory.Length; word++)
        {
            _memory[word] = reader.Word();
        }
    }

    /// <summary>What is in the buffers and who waits for what: for a trace.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        for (int number = 0; number < _cores.Length; number++)
        {
            Core core = _cores[number];
            string next = string.Join(", ", core.Contexts.Select(context => $"next {context.Next}"));
            string state = core.IsDead ? "dead" : core.IsHalted ? "halted" : next;
            string doorbell = core.Pending != 0 ? ", doorbell pending" : "";
            IEnumerable<string> stores = core.Buffer.Stores.Select(store => $"{_map.Name(store.Word)}={store.Value:x}");
            string buffer = string.Join(' ', stores);
            text.Append($"  core {number}: {state}{doorbell}, buffer [{buffer}]");
        }

        return text.ToString();
    }

    // Time passes when nothing else happens. A timer that ends earlier is one of the bounded number of others, or sleeps would
    // have no last number.
    private void AddAlarms(List<Move> moves)
    {
        if (moves.Exists(move => move.IsFair))
        {
            return;
        }

        for (int number = 0; number < _cores.Length; number++)
        {
            Add(moves, new Move(MoveKind.Alarm, number), _cores[number].IsHalted && _cores[number].IsTimed);
        }
    }

    private static void Add(List<Move> moves, Move move, bool enabled)
    {
        if (enabled)
        {
            moves.Add(move);
        }
    }

    private static bool IsAtRest(Core core, Context context)
    {
        if (core.IsDead)
        {
            return context.Next == Operation.Finished;
        }

        bool rests = context.Next switch
        {
            Operation.Finished or Operation.AwaitDeath => true,
            Operation.Wait => !context.IsNotified,
            _ => core.IsHalted,
        };
        return rests && core.Pending == 0 && context.Actor.IsComplete(context.Committed);
    }

    private bool IsEnabled(Core core, Context context) => context.Next switch
    {
        Operation.Fence => core.Buffer.Count == 0,
        Operation.Wait => context.IsNotified,
        Operation.AwaitDeath => _cores[context.Awaited].IsDead && _cores[context.Awaited].Buffer.Count == 0,
        Operation.Finished => false,
        _ => true,
    };

    private void Run(bool mayAct)
    {
        Context context = Acting;
        t_running = this;
        _mayAct = mayAct;
        _hasStopped = false;
        while (true)
        {
            _cursor = 0;
            RunProcedure(context);
            if (_hasStopped)
            {
                return;
            }

            context.Commit();
        }
    }

    private void RunProcedure(Context context)
    {
        try
        {
            context.Actor.RunProcedure(context.Rewind(), this);
        }
        catch (CheckFailedException) when (_hasStopped)
        {
            // It went on with values that nobody loaded.
        }
    }

    private void Flush(Core core)
    {
        BufferedStore store = core.Buffer.Pop();
        _memory[store.Word] = (_memory[store.Word] & ~store.Mask) | store.Value;
        int ring = _map.RingOfHeader(store.Word);
        if (ring >= 0 && store.Mask == uint.MaxValue)
        {
            Ledger.NoteReturned(ring);
        }

        Trace?.Invoke($"core {_core} flushes {_map.Name(store.Word)} = {store.Value:x} to memory");
    }

    private void Interrupt(Core core)
    {
        for (int index = 0; index < core.Contexts.Length; index++)
        {
            if (core.Kind == CoreKind.Programs && (core.Pending & (1 << index)) != 0)
            {
                core.Contexts[index].IsNotified = true;
            }
        }

        core.Pending = 0;
        if (core.Kind == CoreKind.Kernel)
        {
            Wake(core);
        }

        Trace?.Invoke($"core {_core} takes the doorbell");
    }

    private static void Wake(Core core)
    {
        core.IsHalted = false;
        core.IsTimed = false;
        core.Contexts[0].WasDisturbed = true;
    }

    private void Die(Core core)
    {
        core.IsDead = true;
        core.IsHalted = false;
        core.IsTimed = false;
        core.InterruptsOpen = false;
        Trace?.Invoke($"core {_core} dies");
        if (core.Mortality == Mortality.MayPanic)
        {
            Acting.Actor.Panic(Acting.Rewind());
            Acting.Commit();
            Run(mayAct: false);
        }
    }
}
