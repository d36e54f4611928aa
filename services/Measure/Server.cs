using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>What the other ends do.</summary>
public static class Server
{
    // Of 'movzx eax, byte ptr [rdi]' the opcode, with its length (Intel SDM Vol. 2B, "MOVZX").
    private const ushort LoadOpcode = 0xB60F;
    private const ulong LoadBytes = 3;

    /// <summary>Does what a thread was started for. Never returns.</summary>
    /// <param name="first">The slot that it works with.</param>
    /// <param name="second">Its role, and its reply capability.</param>
    public static void Run(ulong first, ulong second)
    {
        uint reply = Partner.RestOf(second);
        switch (Partner.RoleOf(second))
        {
            case Role.AnswersShort:
                AnswerShort(first, reply);
                break;
            case Role.AnswersLong:
                AnswerLong(first, reply);
                break;
            case Role.TakesSignals:
                TakeSignals(first);
                break;
            case Role.HandlesFaults:
                HandleFaults(first, reply);
                break;
            case Role.Faults:
                FaultFigures.Measure((uint)first);
                break;
        }
    }

    private static void AnswerShort(ulong endpoint, uint reply)
    {
        ReceivedMessage message = default;
        MessageHeader answer = MessageHeader.Of(label: 0, words: 2);
        while (true)
        {
            _ = Ipc.ReplyReceiveShort(endpoint, answer, message.Word0, message.Word1, reply, ref message);
        }
    }

    private static void AnswerLong(ulong endpoint, uint reply)
    {
        Message message = default;
        while (true)
        {
            message.Header = MessageHeader.Of(label: 0, message.Header.Words);
            _ = Ipc.ReplyReceive(endpoint, reply, ref message);
        }
    }

    private static void TakeSignals(ulong notification)
    {
        while (true)
        {
            _ = Ipc.Wait(notification);
        }
    }

    private static void HandleFaults(ulong endpoint, uint reply)
    {
        ReceivedMessage fault = default;
        MessageHeader resume = MessageHeader.Of(FaultWords.Resume, words: FaultWords.Rip + 1);
        _ = Ipc.ReplyReceiveShort(endpoint, resume, 0, 0, reply, ref fault);
        if (OpcodeAt(fault.Word0) != LoadOpcode)
        {
            Report.Expect(SystemResult.ArgumentInvalid);
        }

        while (true)
        {
            _ = Ipc.ReplyReceiveShort(endpoint, resume, fault.Word0 + LoadBytes, 0, reply, ref fault);
        }
    }

    [Trusted(Safety = "A thread of this program has just executed there.")]
    private static unsafe ushort OpcodeAt(ulong address) => *(ushort*)address;
}
