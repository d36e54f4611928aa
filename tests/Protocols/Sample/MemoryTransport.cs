using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Sample;

/// <summary>Changes a message on its way, or looks at it.</summary>
/// <param name="words">All words there is room for.</param>
/// <param name="number">Method of a question, label of an answer.</param>
/// <param name="count">How many words the message has.</param>
public delegate void Tamper(Span<ulong> words, ref ulong number, ref uint count);

/// <summary>A client and a server in one thread, and whoever sits on the line between them.</summary>
public sealed class MemoryLine
{
    private readonly ulong[] _words = new ulong[MessageHeader.WordsMax];
    private readonly FakeSpace _space = new();
    private Exchange _exchange;
    private SampleServer _server;

    public MemoryLine(List<string> log)
    {
        _server = new SampleServer(log);
        HostKernel.Current = _space;
        _ = Inbox.Open(FakeSpace.Slots);
    }

    /// <summary>Changes the kinds of the capabilities that a question brings.</summary>
    public Action<List<CapabilityType>>? OnQuestionCapabilities { get; set; }

    /// <summary>Changes the kinds of the capabilities that an answer brings.</summary>
    public Action<List<CapabilityType>>? OnAnswerCapabilities { get; set; }

    /// <summary>What the message brings that is being looked at.</summary>
    public List<CapabilityType> Carried { get; private set; } = [];

    /// <summary>Changes questions.</summary>
    public Tamper? OnQuestion { get; set; }

    /// <summary>Changes answers.</summary>
    public Tamper? OnAnswer { get; set; }

    /// <summary>Whether callers may be made to wait.</summary>
    public bool MayDefer { get; set; } = true;

    /// <summary>What the server said to the last question.</summary>
    public Refusal Refused { get; private set; }

    public ref SampleServer Server => ref _server;

    public Span<ulong> Words => _words;

    public CallResult Call(ulong method, uint words, ref readonly Cargo cargo, out uint answered, out uint came)
    {
        Cargo given = cargo;
        Carried = [.. Enumerable.Range(0, (int)given.Count).Select(index => _space.TypeOf(given.Given((uint)index)))];
        OnQuestionCapabilities?.Invoke(Carried);
        OnQuestion?.Invoke(_words, ref method, ref words);
        _words.CopyTo(Exchange.Asked(ref _exchange));
        _exchange.Begin(badge: 5, MessageHeader.Of(method, 0, _space.Grant(Carried)), words, MayDefer);
        _exchange.Reply = 1;
        MemoryReplies.Forget();
        Refused = SampleDispatch<SampleServer>.Handle(ref _server, ref _exchange);
        ThreadBuffer.Inbox.Drop();
        ulong label = (ulong)Refused;
        answered = Refused == Refusal.None ? _exchange.AnswerWords : 0;
        uint count = Refused == Refusal.None ? _exchange.AnswerCapabilities : 0;
        Span<ulong> answer = Exchange.Answer(ref _exchange);
        if (_exchange.IsDeferred)
        {
            (label, answered, count) = MemoryReplies.Take(_exchange.Reply);
            answer = MemoryReplies.Words;
        }

        answer.CopyTo(_words);
        ulong[] addresses = [.. ((ReadOnlySpan<ulong>)ThreadBuffer.Buffer.Capabilities)[..(int)count]];
        Carried = [.. addresses.Select(_space.TypeOf)];
        OnAnswerCapabilities?.Invoke(Carried);
        OnAnswer?.Invoke(_words, ref label, ref answered);
        came = given.Admits ? _space.Grant(Carried) : 0;
        return Refusals.Outcome(label);
    }
}

/// <summary>The client's end of a <see cref="MemoryLine"/>.</summary>
public readonly struct MemoryTransport(MemoryLine line) : ICapabilityTransport
{
    public Span<ulong> Words => line.Words;

    public CallResult Call(ulong method, uint words, out uint answered)
    {
        Cargo nothing = default;
        return line.Call(method, words, in nothing, out answered, out _);
    }

    public CallResult Call(ulong method, uint words, ref readonly Cargo cargo, out uint answered, out uint came) =>
        line.Call(method, words, in cargo, out answered, out came);
}

/// <summary>Answers of this thread's <see cref="MemoryLine"/> to callers that wait.</summary>
public readonly struct MemoryReplies : ICapabilityReplies
{
    [ThreadStatic]
    private static ulong[]? t_words;

    [ThreadStatic]
    private static (uint Reply, ulong Label, uint Words, uint Capabilities)? t_answer;

    public static Span<ulong> Words => t_words ??= new ulong[MessageHeader.WordsMax];

    public static SystemResult Answer(uint reply, Refusal refusal, uint words)
    {
        t_answer = (reply, (ulong)refusal, words, 0);
        return SystemResult.Ok;
    }

    public static SystemResult Answer(uint reply, uint words, ref readonly Cargo cargo)
    {
        ThreadBuffer.Load(in cargo);
        t_answer = (reply, 0, words, cargo.Count);
        return SystemResult.Ok;
    }

    public static void Forget() => t_answer = null;

    public static (ulong Label, uint Words, uint Capabilities) Take(uint reply) =>
        t_answer is var (to, label, words, capabilities) && to == reply
            ? (label, words, capabilities)
            : throw new InvalidOperationException("nobody answered the caller that waits");
}
