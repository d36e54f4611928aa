namespace Atoll.Explorer.Tso;

/// <content>
/// What an actor calls: each is one access, taken now, repeated from the log, or where the actor stops.
/// </content>
public sealed unsafe partial class TsoMachine
{
    /// <summary>Executes a load.</summary>
    /// <returns>The bits under the mask; the others are 0.</returns>
    public ulong Load(void* address, ulong mask)
    {
        if (_map.IsConstant(address))
        {
            return *(ulong*)address & mask;
        }

        if (IsReplayed(Operation.Load, out ulong value))
        {
            return value;
        }

        ushort word = _map.WordAt(address);
        value = _cores[_core].Buffer.Forward(word, _memory[word]) & mask;
        Trace?.Invoke($"{Who()} loads {_map.Name(word)} = {value:x}");
        return Record(value);
    }

    /// <summary>Executes a store: into the buffer.</summary>
    public void Store(void* address, ulong mask, ulong value)
    {
        if (IsReplayed(Operation.Store, out _))
        {
            return;
        }

        ushort word = _map.WordAt(address);
        _cores[_core].Buffer.Push(new BufferedStore(word, mask, value));
        Trace?.Invoke($"{Who()} stores {_map.Name(word)} = {value:x}, buffered");
        Record(0);
        if ((value & 1) != 0 && _map.IsWake(word))
        {
            Ledger.NoteSleep(Acting);
        }
    }

    /// <summary>Executes MFENCE.</summary>
    public void Fence() => Act(Operation.Fence, "fences");

    /// <summary>Executes STI.</summary>
    public void OpenInterrupts()
    {
        if (Act(Operation.OpenInterrupts, "opens interrupts"))
        {
            _cores[_core].InterruptsOpen = true;
        }
    }

    /// <summary>Executes CLI.</summary>
    public void CloseInterrupts()
    {
        if (Act(Operation.CloseInterrupts, "closes interrupts"))
        {
            _cores[_core].InterruptsOpen = false;
        }
    }

    /// <summary>Executes STI; HLT. Goes on after an interrupt was taken, with interrupts open.</summary>
    /// <param name="isTimed">Whether a timer is armed, so that one comes in the end.</param>
    public void Halt(bool isTimed)
    {
        if (Act(Operation.Halt, isTimed ? "halts with interrupts open and a timer" : "halts with interrupts open"))
        {
            _cores[_core].InterruptsOpen = true;
            _cores[_core].IsHalted = true;
            _cores[_core].IsTimed = isTimed;
        }
    }

    /// <summary>A program waits on its notification.</summary>
    public void Wait()
    {
        if (Act(Operation.Wait, "takes its notification"))
        {
            Acting.IsNotified = false;
            Acting.WasDisturbed = true;
        }
    }

    /// <summary>Says that <c>MustRing</c> asks for a doorbell, right after it loaded the wake word.</summary>
    public void NoteDoorbell(ContextId target) => Note(sender =>
    {
        Core core = _cores[target.Core];
        if (core.Contexts[target.Index].IsAwake && core.Buffer.Count == 0)
        {
            throw new ViolationException(ViolationKind.NeedlessDoorbell, $"{Who()} rings for a sleep that was withdrawn");
        }

        Ledger.NoteRung(Flat(new ContextId(_core, _context)), Flat(target), wake: sender.Log[^1]);
    });

    /// <summary>Sends a doorbell.</summary>
    public void Ring(ContextId target)
    {
        if (Act(Operation.Ring, $"rings core {target.Core} context {target.Index}"))
        {
            _cores[target.Core].Pending |= (byte)(1 << target.Index);
        }
    }

    /// <summary>Waits until a core was stopped and what it stored can be seen.</summary>
    public void AwaitDeath(int core)
    {
        Acting.Awaited = core;
        Act(Operation.AwaitDeath, $"finds core {core} dead");
    }

    /// <summary>Never returns: nothing more to do.</summary>
    public void Finish() => Act(Operation.Finished, "finishes");

    /// <summary>Does something with the ledger, once, in no time.</summary>
    public void Note(Action<Context> note)
    {
        Context context = Acting;
        if (_hasStopped || _cursor < context.Log.Count)
        {
            _cursor++;
            return;
        }

        note(context);
        Record(0);
    }

    private bool Act(Operation operation, string what)
    {
        if (IsReplayed(operation, out _))
        {
            return false;
        }

        Trace?.Invoke($"{Who()} {what}");
        Record(0);
        return true;
    }

    /// <summary>Whether an access is not made now: it was made before, or the actor has stopped before it.</summary>
    private bool IsReplayed(Operation operation, out ulong value)
    {
        Core core = _cores[_core];
        List<ulong> log = Acting.Log;
        if (_cursor < log.Count)
        {
            value = log[_cursor++];
            return true;
        }

        value = 0;
        if (!_hasStopped && (_mayAct || IsFolded(core, operation)))
        {
            _mayAct = false;
            return false;
        }

        Stop(operation);
        return true;
    }

    // Nothing that the procedure does from here on counts. It ends by itself: the product's procedures never wait for a
    // value.
    private void Stop(Operation operation)
    {
        if (!_hasStopped)
        {
            Acting.Next = operation;
            _hasStopped = true;
        }

        if (_cursor++ > AccessesPerProcedureMax)
        {
            throw new InvalidOperationException(
                $"{Who()} makes more than {AccessesPerProcedureMax} accesses in one procedure");
        }
    }

    // Never the first access of a procedure: a send that begins with a store would be made in advance of all that others do.
    private bool IsFolded(Core core, Operation operation) =>
        _foldsStores && core.HasPrivateBuffer && Acting.Log.Count > 0
        && (operation == Operation.Store || (operation == Operation.Fence && core.Buffer.Count == 0));

    private ulong Record(ulong value)
    {
        Acting.Log.Add(value);
        _cursor++;
        return value;
    }

    private int Flat(ContextId id)
    {
        int before = 0;
        for (int core = 0; core < id.Core; core++)
        {
            before += _cores[core].Contexts.Length;
        }

        return before + id.Index;
    }

    private string Who() => $"core {_core} {Acting.Actor.Name}";
}
