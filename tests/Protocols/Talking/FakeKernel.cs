using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Talking;

/// <summary>A kernel that hands out messages from a list, and writes down what it was asked to do.</summary>
public sealed class FakeKernel : IHostKernel
{
    private readonly Queue<Incoming> _incoming = new();

    /// <summary>System calls, a line each.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Answers: reply object, label, words.</summary>
    public List<Answer> Answers { get; } = [];

    /// <summary>The same, a line each.</summary>
    public IEnumerable<string> AnswerLines => Answers.Select(answer => answer.ToString());

    /// <summary>What a call to another server gets, and does to the thread's buffer.</summary>
    public Func<ulong[], ulong[]>? OnCall { get; set; }

    /// <summary>Words of each call that <see cref="OnCall"/> answered.</summary>
    public List<ulong[]> Operations { get; } = [];

    /// <summary>Whether capabilities could have come, for each wait.</summary>
    public List<bool> Admitted { get; } = [];

    public ulong Now { get; set; }

    /// <summary>A message without words will come, with capabilities.</summary>
    public FakeKernel Carrying(ulong badge, ulong method, uint capabilities) =>
        Add(new Incoming(SystemResult.Ok, badge, MessageHeader.Of(method, 0, capabilities), []));

    /// <summary>A message will come.</summary>
    public FakeKernel Message(ulong badge, ulong method, params ulong[] words) =>
        Add(new Incoming(SystemResult.Ok, badge, MessageHeader.Of(method, (uint)words.Length), words));

    /// <summary>A signal will come.</summary>
    public FakeKernel Signal(ulong bits) => Add(new Incoming(SystemResult.Ok, bits, MessageHeader.Signal, []));

    /// <summary>A wait will end otherwise.</summary>
    public FakeKernel Outcome(SystemResult result) => Add(new Incoming(result, 0, default, []));

    public void Do(ref CallFrame frame)
    {
        var call = (SystemCall)(frame.Number & SystemCallFlags.NumberMask);
        bool hasDeadline = (frame.Number & SystemCallFlags.HasDeadline) != 0;
        Calls.Add($"{call} {frame.Address}"
            + (call is SystemCall.Receive or SystemCall.ReplyReceive ? $" with {frame.Reply}" : "")
            + (hasDeadline ? $" until {frame.Deadline}" : ""));
        switch (call)
        {
            case SystemCall.Call:
                Call(ref frame);
                break;
            case SystemCall.Send:
                Answers.Add(new Answer(frame.Address, new MessageHeader(frame.Header).Label, Sent(in frame)));
                frame.Number = (ulong)SystemResult.Ok;
                break;
            case SystemCall.ReplyReceive:
                Answers.Add(new Answer(frame.Reply, new MessageHeader(frame.Header).Label, Sent(in frame)));
                Receive(ref frame);
                break;
            default:
                Receive(ref frame);
                break;
        }
    }

    // What goes on for ever ends when there is nothing more to come.
    private void Receive(ref CallFrame frame)
    {
        Admitted.Add(ThreadBuffer.Buffer.ReceiveNode != 0);
        Incoming next = _incoming.Count > 0 ? _incoming.Dequeue() : new Incoming(SystemResult.SlotEmpty, 0, default, []);
        Deliver(ref frame, next);
    }

    private void Call(ref CallFrame frame)
    {
        Operations.Add(Sent(in frame));
        ulong[] answer = OnCall?.Invoke(Sent(in frame)) ?? throw new InvalidOperationException("nobody is called in this test");
        Deliver(ref frame, new Incoming(SystemResult.Ok, 0, MessageHeader.Of(0, (uint)answer.Length), answer));
    }

    private static void Deliver(ref CallFrame frame, Incoming next)
    {
        frame.Number = (ulong)next.Result;
        frame.Address = next.Badge;
        frame.Header = next.Header.Raw;
        frame.Word0 = next.Words.ElementAtOrDefault(0);
        frame.Word1 = next.Words.ElementAtOrDefault(1);
        frame.Word2 = next.Words.ElementAtOrDefault(2);
        frame.Word3 = next.Words.ElementAtOrDefault(3);
        for (int index = MessageHeader.RegisterWords; index < next.Words.Length; index++)
        {
            ThreadBuffer.Words[index] = next.Words[index];
        }
    }

    private static ulong[] Sent(ref readonly CallFrame frame)
    {
        ulong[] registers = [frame.Word0, frame.Word1, frame.Word2, frame.Word3];
        int count = (int)new MessageHeader(frame.Header).Words;
        return [.. registers.Take(count), .. ThreadBuffer.Words.ToArray().Take(count).Skip(MessageHeader.RegisterWords)];
    }

    private FakeKernel Add(Incoming incoming)
    {
        _incoming.Enqueue(incoming);
        return this;
    }

    private sealed record Incoming(SystemResult Result, ulong Badge, MessageHeader Header, ulong[] Words);
}

/// <summary>An answer, and the reply object that it went through.</summary>
public sealed record Answer(ulong Reply, ulong Label, ulong[] Words)
{
    public override string ToString() => $"{Reply}: {(Refusal)Label} [{string.Join(' ', Words.Select(word => $"{word:x}"))}]";
}
