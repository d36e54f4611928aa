using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Rendezvous;

/// <summary>Carries a message from one thread's registers and buffer to another's.</summary>
/// <remarks>
/// The sender's words are in its context: the entry put them there. Buffers are read and written through the window; the program may
/// change its own at any time, so every word is read once. At most 116 words and three capabilities: bounded.
/// </remarks>
public static class MessageTransfer
{
    /// <summary>Carries a message.</summary>
    /// <param name="from">Whose message.</param>
    /// <param name="to">Receives it, with <see cref="SystemResult.Ok"/>.</param>
    /// <param name="badge">What the receiver knows the sender by.</param>
    /// <param name="mayGrant">Whether capabilities travel; without the right they are left out.</param>
    public static void Carry(ObjectPointer<Thread> from, ObjectPointer<Thread> to, ulong badge, bool mayGrant)
    {
        ref Thread sender = ref from.Value;
        ref Thread receiver = ref to.Value;
        if ((sender.Flags & ThreadFlags.IsFault) != 0)
        {
            CarryFault(in sender, ref receiver, badge);
            return;
        }

        MessageHeader header = new(sender.Context.Rsi);
        uint words = header.Words;
        if (words > MessageHeader.RegisterWords)
        {
            words = CopyBuffer(in sender, in receiver, words);
        }

        uint granted = header.Capabilities != 0 && mayGrant ? Grant.Carry(in sender, in receiver, header.Capabilities) : 0;
        receiver.Context.Rax = (ulong)SystemResult.Ok;
        receiver.Context.Rdi = badge;
        receiver.Context.Rsi = MessageHeader.Of(header.Label, words, granted).Raw;
        receiver.Context.Rdx = sender.Context.Rdx;
        receiver.Context.R10 = sender.Context.R10;
        receiver.Context.R8 = sender.Context.R8;
        receiver.Context.R9 = sender.Context.R9;
    }

    /// <summary>Tells a receiver that a notification was signalled.</summary>
    /// <param name="receiver">Receives it.</param>
    /// <param name="bits">What was pending.</param>
    public static void CarrySignal(ref Thread receiver, ulong bits)
    {
        receiver.Context.Rax = (ulong)SystemResult.Ok;
        receiver.Context.Rdi = bits;
        receiver.Context.Rsi = MessageHeader.Signal.Raw;
        receiver.Context.Rdx = 0;
        receiver.Context.R10 = 0;
        receiver.Context.R8 = 0;
        receiver.Context.R9 = 0;
    }

    /// <summary>Tells a thread that its wait ended without a message.</summary>
    /// <param name="thread">It finds no word of an earlier message beside the result.</param>
    /// <param name="result">Why.</param>
    internal static void CarryResult(ref Thread thread, SystemResult result)
    {
        thread.Context.Rax = (ulong)result;
        thread.Context.Rdi = 0;
        thread.Context.Rsi = 0;
        thread.Context.Rdx = 0;
        thread.Context.R10 = 0;
        thread.Context.R8 = 0;
        thread.Context.R9 = 0;
    }

    private static void CarryFault(ref readonly Thread sender, ref Thread receiver, ulong badge)
    {
        receiver.Context.Rax = (ulong)SystemResult.Ok;
        receiver.Context.Rdi = badge;
        receiver.Context.Rsi = MessageHeader.Of(sender.Fault, FaultWords.Count).Raw;
        receiver.Context.Rdx = sender.Context.Rip;
        receiver.Context.R10 = sender.FaultAddress;
        receiver.Context.R8 = sender.Context.ErrorCode;
        receiver.Context.R9 = sender.Context.Rsp;
    }

    // A side without a buffer has four words.
    private static uint CopyBuffer(ref readonly Thread sender, ref readonly Thread receiver, uint words)
    {
        if (sender.Buffer.IsNull || receiver.Buffer.IsNull)
        {
            return MessageHeader.RegisterWords;
        }

        if (sender.Buffer.Is(receiver.Buffer))
        {
            return words;
        }

        ref MessageBuffer from = ref sender.Buffer.Value;
        ref MessageBuffer to = ref receiver.Buffer.Value;
        for (int index = MessageHeader.RegisterWords; index < words && index < MessageHeader.WordsMax; index++)
        {
            to.Words[index] = from.Words[index];
        }

        return words;
    }
}
