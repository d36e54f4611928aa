using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>What a program hears whose capability cannot be used: a result that names the cause, or, where it asked for that, a fault.</summary>
internal static class Refusal
{
    /// <summary>The address leads nowhere, or to an empty slot.</summary>
    internal static void Missing(
        ref Scheduler scheduler, ObjectPointer<Thread> thread, ulong address, ObjectPointer<CapabilitySlot> slot, uint depth) =>
        Refuse(ref scheduler, thread, address, slot.IsNull ? SystemResult.AddressInvalid : SystemResult.SlotEmpty, depth);

    /// <summary>It is another kind of object.</summary>
    internal static void Type(ref Scheduler scheduler, ObjectPointer<Thread> thread, ulong address, CapabilityType found) =>
        Refuse(ref scheduler, thread, address, SystemResult.WrongType, (ulong)found);

    /// <summary>Rights are missing.</summary>
    internal static void Right(ref Scheduler scheduler, ObjectPointer<Thread> thread, ulong address, CapabilityRights missing) =>
        Refuse(ref scheduler, thread, address, SystemResult.RightMissing, (ulong)missing);

    /// <summary>The message itself is wrong.</summary>
    internal static void Argument(ref Thread thread, SystemResult result) => Answer(ref thread, result, word: 0);

    private static void Refuse(
        ref Scheduler scheduler, ObjectPointer<Thread> thread, ulong address, SystemResult result, ulong word)
    {
        Answer(ref thread.Value, result, word);
        if ((thread.Value.FaultOptions & FaultOptions.Capability) != 0)
        {
            Faults.Raise(ref scheduler, thread, FaultKind.Capability, address);
        }
    }

    private static void Answer(ref Thread thread, SystemResult result, ulong word)
    {
        thread.Context.Rax = (ulong)result;
        thread.Context.Rdi = 0;
        thread.Context.Rsi = MessageHeader.Of(label: 0, words: 1).Raw;
        thread.Context.Rdx = word;
        thread.Context.R10 = 0;
        thread.Context.R8 = 0;
        thread.Context.R9 = 0;
    }
}
