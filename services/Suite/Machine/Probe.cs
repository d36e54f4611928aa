using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>A thread that runs machine code until it faults. The fault is a message to the test, which then reads the thread's registers.</summary>
internal struct Probe
{
    private uint _faults;
    private uint _reply;

    /// <summary>Slot of the thread; its time is in the next.</summary>
    internal uint Thread;

    /// <summary>Makes one, which does not run yet.</summary>
    internal static Probe Make(ref Test test, uint number = 0, byte priority = Priority.Above, ulong badge = 0, ulong space = RootSlot.VSpace)
    {
        Probe probe = new()
        {
            _faults = test.Make(CapabilityType.Endpoint),
            _reply = test.Make(CapabilityType.Reply),
        };
        uint handler = badge == 0 ? probe._faults : test.Mint(probe._faults, CapabilityRights.All, badge);
        probe.Thread = Worker.Make(ref test, number, priority, handler, RootSlot.CNode, space);
        return probe;
    }

    /// <summary>Makes one and runs these instructions.</summary>
    internal static Probe Run(ref Test test, ReadOnlySpan<byte> code, ulong rdi = 0, ulong rsi = 0)
    {
        CodePage page = new(0);
        page.Add(code);
        page.Stop();
        Probe probe = Make(ref test);
        probe.Go(ref test, Layout.CodeRun, rdi, rsi);
        return probe;
    }

    /// <summary>Runs what stands at an address.</summary>
    internal readonly void Go(ref Test test, ulong entry, ulong rdi = 0, ulong rsi = 0, uint number = 0)
    {
        test.Ok(new ThreadControl(Thread).SetRegisters(entry, Layout.StackTop(number), rdi, rsi));
        test.Ok(new ThreadControl(Thread).Resume());
    }

    /// <summary>Waits for the next fault.</summary>
    internal readonly Message Catch(ref Test test)
    {
        test.Ok(test.Receive(_faults, _reply, out Message message));
        return message;
    }

    /// <summary>The next fault must be of this kind.</summary>
    /// <returns>Its message.</returns>
    internal readonly Message Expect(ref Test test, FaultKind kind)
    {
        Message message = Catch(ref test);
        test.Same((ulong)kind, message.Header.Label);
        return message;
    }

    /// <summary>The thread must have come to the UD2 at an address.</summary>
    internal readonly void Stops(ref Test test, ulong address)
    {
        Message message = Expect(ref test, FaultKind.UndefinedInstruction);
        test.Same(address, message.Word0);
    }

    /// <summary>Answers a fault.</summary>
    internal readonly SystemResult Answer(ulong label, uint words = 0, ulong rip = 0, ulong rsp = 0)
    {
        Message message = Message.Of(label, words, rip, rsp);
        return Ipc.Send(_reply, ref message);
    }

    /// <summary>A register of the thread.</summary>
    internal readonly ulong Get(Register register) => Ask.Register(Thread, (uint)register);
}

/// <summary>Registers in the order of <see cref="ThreadContext"/>.</summary>
internal enum Register : uint
{
    Rax,
    Rbx,
    Rcx,
    Rdx,
    Rsi,
    Rdi,
    Rbp,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
    Rip,
    Flags,
    Rsp,
}
