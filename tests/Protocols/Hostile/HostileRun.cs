using Atoll.Abi;
using Atoll.Protocols.Tests.Sample;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Hostile;

/// <summary>Somebody changes messages between client and server. Both must see it exactly when <see cref="WireSpec"/> says so, and never throw.</summary>
public sealed class HostileRun
{
    private static readonly ulong[] s_nasty =
    [
        0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 937, 960, 961, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF8, 0xFFFF_FFFF, 0x1_0000_0000,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_FFFF_8000, 0xFFFF_FFFF_FFFF_FF80, 0xFFFF_FFFF_FFFF_FFFE, ulong.MaxValue,
    ];

    private static readonly CapabilityType[] s_kinds =
    [
        CapabilityType.Null, CapabilityType.Untyped, CapabilityType.Endpoint, CapabilityType.Frame, CapabilityType.Notification, CapabilityType.CNode,
    ];

    // To others no capability can come: the client has not opened its inbox.
    private static readonly ulong[] s_admits = [10, 11];

    private static readonly uint[] s_counts = [0, 1, 2, 3, 4, 5, 6, 119, 120, 121, 127, 128, uint.MaxValue];

    private readonly MemoryLine _line = new([]);
    private SampleClient<MemoryTransport> _client;
    private bool _isGood;
    private bool _isKnown;
    private string _what = "";

    private HostileRun() => _client.Transport = new MemoryTransport(_line);

    /// <summary>Changes every word of every message to every nasty value, then messages at random.</summary>
    /// <param name="seed">Arguments and changes.</param>
    /// <param name="rounds">How many random changes.</param>
    /// <returns>null; or what went wrong.</returns>
    public static string? Run(int seed, int rounds)
    {
        HostileRun run = new();
        try
        {
            foreach (ulong id in SampleCall.Ids)
            {
                run.EveryWord(id, seed);
                run.EveryCapability(id, seed);
            }

            Random random = new(seed);
            for (int round = 0; round < rounds; round++)
            {
                run.AtRandom(random);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"seed {seed}, {run._what}: {failure.GetType().Name}: {failure.Message}";
        }

        return null;
    }

    private void EveryWord(ulong id, int seed)
    {
        uint asked = 0;
        uint answered = 0;
        _line.OnQuestion = (Span<ulong> words, ref ulong method, ref uint count) => asked = Clean(words, count, WireSpec.Questions[id], 936);
        _line.OnAnswer = (Span<ulong> words, ref ulong label, ref uint count) => answered = Clean(words, count, WireSpec.Answers[id], SampleCall.Room(id, seed));
        _what = $"method {id} as it is";
        Demand(SampleCall.Do(_client, id, seed) == CallResult.Ok, "a good message was refused");
        foreach (ulong value in s_nasty)
        {
            for (int index = 0; index < Math.Max(asked, answered); index++)
            {
                int word = index;
                Change(id, seed, $"word {word} = {value:x}", (Span<ulong> words, ref ulong method, ref uint count) => words[word] = value);
            }
        }

        foreach (uint other in s_counts)
        {
            Change(id, seed, $"{other} words", (Span<ulong> words, ref ulong method, ref uint count) => count = other);
        }

        foreach (ulong other in s_nasty)
        {
            Change(id, seed, $"number {other:x}", (Span<ulong> words, ref ulong method, ref uint count) => method = other & (ulong.MaxValue >> 12));
        }
    }

    // As many capabilities as a message can bring, of every kind, in place of those of question and answer.
    private void EveryCapability(ulong id, int seed)
    {
        for (int code = 0; code < (int)Math.Pow(s_kinds.Length, 3); code++)
        {
            List<CapabilityType> kinds = [];
            for (int rest = code; rest != 0; rest /= s_kinds.Length)
            {
                kinds.Add(s_kinds[rest % s_kinds.Length]);
            }

            // The first kind is none: a list ends there, as the kernel ends at what it cannot grant.
            int end = kinds.IndexOf(CapabilityType.Null);
            List<CapabilityType> carried = end < 0 ? kinds : kinds[..end];
            Action<List<CapabilityType>> change = list =>
            {
                list.Clear();
                list.AddRange(carried);
            };
            _line.OnQuestionCapabilities = change;
            Change(id, seed, $"capabilities {string.Join(' ', carried)}", (Span<ulong> words, ref ulong method, ref uint count) => { }, isAnswered: false);
            _line.OnQuestionCapabilities = null;
            _line.OnAnswerCapabilities = change;
            Change(id, seed, $"capabilities {string.Join(' ', carried)}", (Span<ulong> words, ref ulong method, ref uint count) => { }, isAsked: false);
            _line.OnAnswerCapabilities = null;
        }
    }

    private void AtRandom(Random random)
    {
        ulong id = SampleCall.Ids[random.Next(SampleCall.Ids.Count)];
        int changes = random.Next(1, 4);
        int seed = random.Next();
        Change(id, random.Next(), $"{changes} changes of {seed}", (Span<ulong> words, ref ulong method, ref uint count) =>
        {
            Random chosen = new(seed);
            for (int change = 0; change < changes; change++)
            {
                ref ulong word = ref words[chosen.Next(Math.Clamp((int)count, 1, words.Length))];
                word = chosen.Next(3) switch
                {
                    0 => word ^ (1UL << chosen.Next(64)),
                    1 => s_nasty[chosen.Next(s_nasty.Length)],
                    _ => word + (ulong)chosen.Next(-9, 10),
                };
                count += (uint)(chosen.Next(8) == 0 ? chosen.Next(-2, 3) : 0);
            }
        });
    }

    // The same call twice: once the question is changed, once the answer.
    private void Change(ulong id, int seed, string what, Tamper change, bool isAsked = true, bool isAnswered = true)
    {
        if (isAsked)
        {
            ChangeQuestion(id, seed, what, change);
        }

        if (isAnswered)
        {
            ChangeAnswer(id, seed, what, change);
        }
    }

    private void ChangeQuestion(ulong id, int seed, string what, Tamper change)
    {
        _what = $"method {id}, arguments of {seed}, question with {what}";
        _line.OnAnswer = null;
        _line.OnQuestion = (Span<ulong> words, ref ulong method, ref uint count) =>
        {
            change(words, ref method, ref count);
            _isKnown = WireSpec.Questions.ContainsKey(method);
            _isGood = _isKnown && WireSpec.IsGood(WireSpec.Questions[method], words, count, 936) && WireSpec.AreBrought(method, _line.Carried);
        };
        CallResult outcome = SampleCall.Do(_client, id, seed);
        Demand(_line.Refused == (_isGood ? Refusal.None : _isKnown ? Refusal.Malformed : Refusal.MethodUnknown), $"the server says {_line.Refused}");
        Demand(_isGood || outcome is CallResult.Malformed or CallResult.MethodUnknown, $"the client says {outcome}");
    }

    private void ChangeAnswer(ulong id, int seed, string what, Tamper change)
    {
        _what = $"method {id}, arguments of {seed}, answer with {what}";
        ulong said = 0;
        _line.OnQuestion = null;
        _line.OnAnswer = (Span<ulong> words, ref ulong label, ref uint count) =>
        {
            change(words, ref label, ref count);
            said = label;
            _isGood = WireSpec.IsGood(WireSpec.Answers[id], words, count, SampleCall.Room(id, seed))
                && (!s_admits.Contains(id) || WireSpec.AreTold(WireSpec.Answers[id], words, _line.Carried));
        };
        CallResult outcome = SampleCall.Do(_client, id, seed);
        CallResult expected = said is >= 1 and <= 3 ? (CallResult)(255 + said) : said == 0 && _isGood ? CallResult.Ok : CallResult.AnswerInvalid;
        Demand(outcome == expected, $"the client says {outcome} and not {expected}");
    }

    // The number of words of a message that nobody has changed; behind its bytes there is nothing of an earlier one.
    private static uint Clean(Span<ulong> words, uint count, string[] fields, uint most)
    {
        Demand(WireSpec.IsGood(fields, words, count, most), "a message that nobody has changed is not good");
        int next = fields.Length;
        for (int index = 0; index < fields.Length; index++)
        {
            if (fields[index] is "bytes" or "filled")
            {
                int used = (int)words[index] % 8;
                next += (int)(words[index] + 7) / 8;
                Demand(used == 0 || words[next - 1] >> (used * 8) == 0, "the rest of the last word is not zero");
            }
        }

        return count;
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
