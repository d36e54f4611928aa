using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>System calls as methods. Everything else in this library is made of these.</summary>
public static class Ipc
{
    /// <summary>Sends and waits for the answer.</summary>
    /// <param name="address">An endpoint, or an object of the kernel.</param>
    /// <param name="message">What to say; receives the answer.</param>
    /// <param name="flags"><see cref="SystemCallFlags"/>.</param>
    /// <param name="deadline">TSC value at which it ends, with <see cref="SystemCallFlags.HasDeadline"/>.</param>
    public static SystemResult Call(ulong address, ref Message message, ulong flags = 0, ulong deadline = 0)
    {
        CallFrame frame = Frame((ulong)SystemCall.Call | flags, address, in message);
        frame.Deadline = deadline;
        return Do(ref frame, ref message);
    }

    /// <summary>Sends without an answer; signals a notification; or answers.</summary>
    public static SystemResult Send(ulong address, ref Message message, ulong flags = 0)
    {
        CallFrame frame = Frame((ulong)SystemCall.Send | flags, address, in message);
        Stubs.Any(ref frame);
        return (SystemResult)frame.Number;
    }

    /// <summary>Signals a notification.</summary>
    public static SystemResult Signal(ulong address) => Stubs.Short((ulong)SystemCall.Send, address);

    /// <summary>Waits for a signal of a notification. Which bits came it does not tell.</summary>
    public static SystemResult Wait(ulong address) => Stubs.Short((ulong)SystemCall.Receive, address);

    /// <summary>Receives from an endpoint or a notification.</summary>
    /// <param name="address">The endpoint or notification.</param>
    /// <param name="reply">Reply capability that takes a caller; 0: none.</param>
    /// <param name="message">What came.</param>
    /// <param name="flags"><see cref="SystemCallFlags"/>.</param>
    /// <param name="deadline">TSC value at which it ends, with <see cref="SystemCallFlags.HasDeadline"/>.</param>
    public static SystemResult Receive(ulong address, ulong reply, out Message message, ulong flags = 0, ulong deadline = 0)
    {
        message = default;
        CallFrame frame = Frame((ulong)SystemCall.Receive | flags, address, in message);
        frame.Reply = reply;
        frame.Deadline = deadline;
        return Do(ref frame, ref message);
    }

    /// <summary>Rings, and waits for a signal: one entry into the kernel.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="bells">Who is rung; then nobody.</param>
    /// <param name="signalled">What came.</param>
    /// <param name="deadline">TSC value at which it ends; <see cref="Deadline.Never"/>: none.</param>
    public static SystemResult RingAndWait(ulong notification, ref Bells bells, out ulong signalled, ulong deadline)
    {
        CallFrame frame = default;
        frame.Number = (ulong)SystemCall.Receive | Deadline.Flags(deadline);
        frame.Address = notification;
        frame.Deadline = deadline;
        bells.Load(ref frame);
        Stubs.Any(ref frame);
        signalled = frame.Address;
        return (SystemResult)frame.Number;
    }

    /// <summary>Answers, then receives the next.</summary>
    /// <param name="address">The endpoint.</param>
    /// <param name="reply">Reply capability: of who is answered, and for the next caller.</param>
    /// <param name="message">The answer; receives what came.</param>
    public static SystemResult ReplyReceive(ulong address, ulong reply, ref Message message)
    {
        CallFrame frame = Frame((ulong)SystemCall.ReplyReceive, address, in message);
        frame.Reply = reply;
        return Do(ref frame, ref message);
    }

    /// <summary>A system call that does nothing.</summary>
    public static SystemResult Nothing() => Stubs.None();

    /// <summary>Sends up to four words and waits for the answer, of which only result and first word are of interest.</summary>
    /// <param name="address">An endpoint.</param>
    /// <param name="header">Label and number of words.</param>
    /// <param name="word0">Message.</param>
    /// <param name="word1">Message.</param>
    /// <param name="word2">Message.</param>
    /// <param name="word3">Message.</param>
    public static CallAnswer CallShort(ulong address, MessageHeader header, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) =>
        Stubs.Call(address, header.Raw, word0, word1, word2, word3);

    /// <summary>Answers with up to two words, then receives the next.</summary>
    /// <param name="address">The endpoint.</param>
    /// <param name="header">Label and number of words of the answer.</param>
    /// <param name="word0">Answer.</param>
    /// <param name="word1">Answer.</param>
    /// <param name="reply">Reply capability.</param>
    /// <param name="message">What came.</param>
    public static SystemResult ReplyReceiveShort(
        ulong address, MessageHeader header, ulong word0, ulong word1, ulong reply, ref ReceivedMessage message) =>
        Stubs.ReplyReceive(address, header.Raw, word0, word1, reply, ref message);

    /// <summary>Where every thread of this program begins: the first with two zeros, others with what their maker chose.</summary>
    public static ulong ThreadEntry() => Stubs.ProgramEntry();

    /// <summary>The core's time-stamp counter.</summary>
    public static ulong Now() => Stubs.ReadTsc();

    /// <summary>Lets others of the same priority run.</summary>
    public static void Yield() => _ = Stubs.Short((ulong)SystemCall.Yield, 0);

    private static CallFrame Frame(ulong number, ulong address, ref readonly Message message) => new()
    {
        Number = number,
        Address = address,
        Header = message.Header.Raw,
        Word0 = message.Word0,
        Word1 = message.Word1,
        Word2 = message.Word2,
        Word3 = message.Word3,
    };

    private static SystemResult Do(ref CallFrame frame, ref Message message)
    {
        Stubs.Any(ref frame);
        message.Header = new MessageHeader(frame.Header);
        message.Badge = frame.Address;
        message.Word0 = frame.Word0;
        message.Word1 = frame.Word1;
        message.Word2 = frame.Word2;
        message.Word3 = frame.Word3;
        return (SystemResult)frame.Number;
    }
}
