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
    private Exchange _exchange;
    private SampleServer _server;

    public MemoryLine(List<string> log) => _server = new SampleServer(log);

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

    public CallResult Call(ulong method, uint words, out uint answered)
    {
        OnQuestion?.Invoke(_words, ref method, ref words);
        _words.CopyTo(Exchange.Asked(ref _exchange));
        _exchange.Begin(badge: 5, MessageHeader.Of(method, 0), words, MayDefer);
        _exchange.Reply = 1;
        MemoryReplies.Forget();
        Refused = SampleDispatch<SampleServer>.Handle(ref _server, ref _exchange);
        ulong label = (ulong)Refused;
        answered = Refused == Refusal.None ? _exchange.AnswerWords : 0;
        Span<ulong> answer = Exchange.Answer(ref _exchange);
        if (_exchange.IsDeferred)
        {
            (label, answered) = MemoryReplies.Take(_exchange.Reply);
            answer = MemoryReplies.Words;
        }

        answer.CopyTo(_words);
        OnAnswer?.Invoke(_words, ref label, ref answered);
        return Refusals.Outcome(label);
    }
}

/// <summary>The client's end of a <see cref="MemoryLine"/>.</summary>
public readonly struct MemoryTransport(MemoryLine line) : ITransport
{
    public Span<ulong> Words => line.Words;

    public CallResult Call(ulong method, uint words, out uint answered) => line.Call(method, words, out answered);
}

/// <summary>Answers of this thread's <see cref="MemoryLine"/> to callers that wait.</summary>
public readonly struct MemoryReplies : IReplies
{
    [ThreadStatic]
    private static ulong[]? t_words;

    [ThreadStatic]
    private static (uint Reply, ulong Label, uint Words)? t_answer;

    public static Span<ulong> Words => t_words ??= new ulong[MessageHeader.WordsMax];

    public static SystemResult Answer(uint reply, Refusal refusal, uint words)
    {
        t_answer = (reply, (ulong)refusal, words);
        return SystemResult.Ok;
    }

    public static void Forget() => t_answer = null;

    public static (ulong Label, uint Words) Take(uint reply) =>
        t_answer is var (to, label, words) && to == reply
            ? (label, words)
            : throw new InvalidOperationException("nobody answered the caller that waits");
}
