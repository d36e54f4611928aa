using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Remote;

namespace Atoll.Programs;

/// <summary>How calls that cross travel: in one message each way, with at most four words.</summary>
/// <remarks>
/// A call's operation: bits 0–15 number of the export, 16–21 number of the call, 22–24 words, 25 whether it awaits an answer, 26 whether it waits for a receiver, 32–63 label.
/// An answer's: bits 0–2 words, 3–8 number of the call, 9 whether it failed, 12–63 label, or why it failed. Each is used in one place, and has no frame of its own.
/// </remarks>
public static class CallMessage
{
    private const int NumberShift = 16;
    private const int WordsShift = 22;
    private const int LabelShift = 32;
    private const ulong CallBit = 1 << 25;
    private const ulong WaitBit = 1 << 26;
    private const ulong HomeNumberMask = 0xFFFF;
    private const ulong WordsMask = 7;
    private const int AnsweredShift = 3;
    private const ulong FailedBit = 1 << 9;

    // What a home may say of a call, or of an operation on a thread. Anything else reads as if it were dead.
    private const int ResultCount = 32;
    private const uint Failures = (1U << (int)SystemResult.WouldBlock) | (1U << (int)SystemResult.Cancelled) | (1U << (int)SystemResult.AddressInvalid)
        | (1U << (int)SystemResult.OperationUnknown) | (1U << (int)SystemResult.ArgumentInvalid) | (1U << (int)SystemResult.Unaligned)
        | (1U << (int)SystemResult.WrongState) | (1U << (int)SystemResult.BufferMissing) | (1U << (int)SystemResult.AuthorityMissing);

    /// <summary>A holder to a home: a program of mine calls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LinkMessage Ask(ref readonly RemoteCall call)
    {
        MessageHeader header = new(call.Header);
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.CallEndpoint;
        message.Operation = (call.HomeNumber & HomeNumberMask) | ((ulong)call.Number << NumberShift) | ((ulong)header.Words << WordsShift)
            | (call.IsCall ? CallBit : 0) | (call.MayWait ? WaitBit : 0) | (header.Label << LabelShift);
        message.Argument0 = call.Word0;
        message.Argument1 = call.Word1;
        message.Argument2 = call.Word2;
        message.Argument3 = call.Word3;
        return message;
    }

    /// <summary>From a message. Untrusted: whether there is such an endpoint is not checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ref readonly LinkMessage message, out RemoteCall call)
    {
        ulong word = message.Operation;
        call.HomeNumber = (uint)(word & HomeNumberMask);
        call.Number = (uint)(word >> NumberShift) % RemoteState.CallsMax;
        call.IsCall = (word & CallBit) != 0;
        call.MayWait = (word & WaitBit) != 0;
        call.Header = MessageHeader.Of(word >> LabelShift, WordsOf(word >> WordsShift)).Raw;
        call.Word0 = message.Argument0;
        call.Word1 = message.Argument1;
        call.Word2 = message.Argument2;
        call.Word3 = message.Argument3;
    }

    /// <summary>A home to a holder: the answer to a call, or that it was received.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LinkMessage Answer(ref readonly ForeignCaller caller)
    {
        ref readonly Cap.Thread thread = ref caller.Thread;
        if (thread.Context.Rax != (ulong)SystemResult.Ok)
        {
            return Refuse(caller.Number, (SystemResult)thread.Context.Rax);
        }

        MessageHeader header = new(thread.Context.Rsi);
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.AnswerCall;
        message.Operation = MessageHeader.Of(header.Label, WordsOf(header.Words)).Raw | (caller.Number << AnsweredShift);
        message.Argument0 = thread.Context.Rdx;
        message.Argument1 = thread.Context.R10;
        message.Argument2 = thread.Context.R8;
        message.Argument3 = thread.Context.R9;
        return message;
    }

    /// <summary>A home to a holder: there is no answer.</summary>
    public static LinkMessage Refuse(uint number, SystemResult result)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.AnswerCall;
        message.Operation = MessageHeader.Of((ulong)result, 0).Raw | FailedBit | (number << AnsweredShift);
        return message;
    }

    /// <summary>From a message. Untrusted: whether anybody waits for it is not checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ref readonly LinkMessage message, out RemoteAnswer answer)
    {
        answer = default;
        ulong label = new MessageHeader(message.Operation).Label;
        answer.Number = (uint)(message.Operation >> AnsweredShift) % RemoteState.CallsMax;
        if ((message.Operation & FailedBit) != 0)
        {
            answer.Result = label < ResultCount && ((Failures >> (int)label) & 1) != 0 ? (SystemResult)label : SystemResult.PeerDied;
            return;
        }

        answer.Header = MessageHeader.Of(label, WordsOf(message.Operation)).Raw;
        answer.Word0 = message.Argument0;
        answer.Word1 = message.Argument1;
        answer.Word2 = message.Argument2;
        answer.Word3 = message.Argument3;
    }

    /// <summary>A holder to a home: nobody waits for the answer any more.</summary>
    public static LinkMessage Cancel(uint number)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.CancelCall;
        message.Operation = number;
        return message;
    }

    private static uint WordsOf(ulong word) => (word & WordsMask) < MessageHeader.RegisterWords ? (uint)(word & WordsMask) : MessageHeader.RegisterWords;
}
