using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Remote;

namespace Atoll.Programs;

/// <summary>How what kernels say of capabilities that are given on travels.</summary>
public static class PassMessage
{
    private const int HighShift = 32;

    /// <summary>A holder to a home: my program gives yours to a program of a third core.</summary>
    /// <param name="number">Number of the giver's export.</param>
    /// <param name="entry">The export.</param>
    /// <param name="receiver">Core of the receiver.</param>
    /// <param name="notice">What the giver says of it on its status page.</param>
    public static LinkMessage Ask(uint number, ref readonly CrossingEntry entry, uint receiver, ulong notice)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.PassCapability;
        message.Operation = entry.HomeNumber | ((ulong)number << HighShift);
        message.Argument0 = receiver | ((ulong)entry.Slot.Rights << HighShift);
        message.Argument1 = entry.Epoch;
        message.Argument2 = notice;
        message.Argument3 = entry.PeerChannel;
        return message;
    }

    /// <summary>From a message; nothing is checked yet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Decode(ref readonly LinkMessage message, out RemotePass pass)
    {
        pass = default;
        pass.HomeNumber = (uint)message.Operation;
        pass.GiverNumber = (uint)(message.Operation >> HighShift);
        pass.Receiver = (uint)message.Argument0;
        pass.Rights = (CapabilityRights)((message.Argument0 >> HighShift) & (ulong)CapabilityRights.All);
        pass.Epoch = message.Argument1;
        pass.Notice = message.Argument2;
        pass.Channel = (uint)message.Argument3;
    }

    /// <summary>The answer, as one word that is never 0.</summary>
    /// <param name="giverNumber">Number of the giver's record.</param>
    /// <param name="isRecorded">Whether the receiver is a holder from now on.</param>
    public static ulong Answer(uint giverNumber, bool isRecorded) => giverNumber | ((isRecorded ? 1UL : 2) << HighShift);

    /// <summary>Whether an answer says that the receiver is a holder.</summary>
    public static bool IsRecorded(ulong answer) => answer >> HighShift == 1;

    /// <summary>The answer as a message.</summary>
    public static LinkMessage AnswerOf(ulong answer)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.AnswerPass;
        message.Operation = answer;
        return message;
    }
}
