using Atoll.Abi;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>A kernel that says of capabilities whatever comes to its mind, beside what it says as it should.</summary>
/// <param name="member">Its core.</param>
/// <param name="random">Decides.</param>
/// <param name="programs">Those of all cores.</param>
internal sealed unsafe class HostileKernel(SimulatedMember member, Random random, RemotePrograms[] programs)
{
    private const int NumbersMax = 48;
    private const int WindowShift = 32;

    private static readonly KernelMessage[] s_kinds =
    [
        KernelMessage.OfferCapability, KernelMessage.RecallCapabilities, KernelMessage.ReturnCapabilities, KernelMessage.SignalNotification,
        KernelMessage.RingChannel, KernelMessage.PassCapability, KernelMessage.AnswerPass,
        KernelMessage.CallEndpoint, KernelMessage.AnswerCall, KernelMessage.CancelCall,
    ];

    private readonly HostileGuesses _guesses = new(member, random, programs);
    private readonly int _cores = programs.Length;

    /// <summary>The core.</summary>
    public SimulatedMember Member => member;

    /// <summary>Says something to somebody.</summary>
    public void Step()
    {
        if (random.Next(3) != 0)
        {
            _guesses.Step();
            return;
        }

        LinkMessage message = default;
        message.Kind = (uint)s_kinds[random.Next(s_kinds.Length)];
        message.Operation = Word() | ((ulong)random.Next(12) << WindowShift);
        message.Argument0 = random.Next(3) == 0 ? Word() : Kind();
        message.Argument1 = random.Next(2) == 0 ? Word() : Address();
        message.Argument2 = random.Next(2) == 0 ? (ulong)random.Next(200) : Word();
        message.Argument3 = Word();
        if (message.Kind == (uint)KernelMessage.OfferCapability && random.Next(2) == 0)
        {
            // As if it gave it itself; else as if somebody else had said that he gives it.
            message.Argument3 = random.Next(2) == 0 ? 0 : PassNotice.WordOf((uint)random.Next(1, 20), member.Number, (uint)random.Next(4));
        }

        if (message.Kind is (uint)KernelMessage.CallEndpoint or (uint)KernelMessage.AnswerCall)
        {
            // A number of an export and one of a call; a call's words and whether it failed.
            message.Operation = message.Kind == (uint)KernelMessage.CallEndpoint
                ? (ulong)(random.Next(NumbersMax) + (random.Next(2048) * 65536L))
                : (ulong)(random.Next(1024) + (random.Next(12) * 4096L));
        }

        if (message.Kind == (uint)KernelMessage.PassCapability)
        {
            message.Argument0 = (uint)random.Next(_cores + 1) | (15UL << WindowShift);
            message.Argument1 = (ulong)random.Next(200);
        }

        Send((uint)random.Next(_cores), ref message);
    }

    /// <summary>Signals every number that anybody may have.</summary>
    public void SignalAll()
    {
        for (uint core = 0; core < _cores; core++)
        {
            for (uint number = 0; number < NumbersMax; number++)
            {
                LinkMessage message = default;
                message.Kind = (uint)KernelMessage.SignalNotification;
                message.Operation = number;
                Send(core, ref message);
            }
        }
    }

    private void Send(uint core, ref LinkMessage message)
    {
        uint position = LinkTable.Find(in member.State->Map, core);
        if (position != LinkTable.None)
        {
            _ = member.State->Map.Link(position).Link.TrySend<CoherentMemory>(ref message);
            LinkTurn.End(ref *member.State);
        }
    }

    private ulong Word() => random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << random.Next(64),
        _ => (ulong)random.Next(NumbersMax),
    };

    // A type, rights, a size, as an offer has them.
    private ulong Kind() => (ulong)(random.Next(3) switch { 0 => CapabilityType.Frame, 1 => CapabilityType.Untyped, _ => CapabilityType.Remote })
        | ((ulong)random.Next(16) << 8) | (Size() << 16);

    // Of a frame, or the kind of a remote object.
    private ulong Size() => random.Next(4) switch
    {
        0 => (ulong)random.Next(64),
        1 => ObjectSize.FrameBits,
        2 => (ulong)CapabilityType.Endpoint,
        _ => (ulong)CapabilityType.Notification,
    };

    // Of a frame of any core's, the coordinator's included, or of the machine's other memory.
    private ulong Address() => RemotePrograms.GrantOf((uint)random.Next(_cores)).Base + ((ulong)random.Next((int)RemotePrograms.Kinds) << 12);
}
