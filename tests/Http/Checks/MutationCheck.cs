using System.Text;
using Atoll.Http.Tests.Machine;
using Atoll.Services.Http.Engine;

namespace Atoll.Http.Tests.Checks;

/// <summary>
/// Requests with random mistakes: whatever comes, what goes out is answers, the same for whole and pieces, and all is accounted for.
/// </summary>
/// <param name="seed">Repeats a run.</param>
public sealed class MutationCheck(int seed)
{
    private static readonly string[] s_bases =
    [
        .. Vectors.All.Select(vector => vector.Request),
        "POST /sum HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nT: v\r\n\r\n",
        "GET /big HTTP/1.1\r\nHost: a\r\nRange: bytes=10-20\r\nIf-Range: \"0123456789abcdef\"\r\n\r\n",
    ];

    private static readonly string[] s_tokens =
    [
        "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", ":", ",", ";", "\0", "\"", "*", "%", "%00", "%2f", "?", "#", "-", "0",
            "9999999999999999999",
        "chunked", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "Connection: close\r\n",
            "Expect: 100-continue\r\n",
        "HTTP/1.0", "HTTP/1.1", "0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u00ff", "Range: bytes=0-1\r\n", "POST", "OPTIONS",
    ];

    private readonly Random _random = new(seed);

    /// <summary>Runs.</summary>
    /// <param name="count">How many requests.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Run(int count)
    {
        for (int round = 0; round < count; round++)
        {
            byte[] request = Encoding.Latin1.GetBytes(Mutate());
            string? wrong = Check(request);
            if (wrong is not null)
            {
                return $"seed {seed}, request {round}: {wrong}\n{Encoding.Latin1.GetString(request)}";
            }
        }

        return null;
    }

    /// <summary>A request with one to four mistakes.</summary>
    public string Mutate()
    {
        StringBuilder text = new(s_bases[_random.Next(s_bases.Length)]);
        for (int left = _random.Next(1, 5); left > 0; left--)
        {
            int place = _random.Next(text.Length);
            int length = Math.Min(_random.Next(1, 12), text.Length - place);
            switch (_random.Next(5))
            {
                case 0:
                    text[place] = (char)_random.Next(256);
                    break;
                case 1:
                    text.Remove(place, length == text.Length ? 0 : length);
                    break;
                case 2:
                    text.Insert(place, text.ToString(place, length));
                    break;
                case 3:
                    string other = s_bases[_random.Next(s_bases.Length)];
                    text.Insert(place, other[_random.Next(other.Length)..]);
                    break;
                default:
                    text.Insert(place, s_tokens[_random.Next(s_tokens.Length)]);
                    break;
            }
        }

        // Whether a HEAD was understood as one, a reader of answers cannot know.
        return text.Replace("HEAD", "GET").ToString();
    }

    private string? Check(byte[] request)
    {
        var server = new HostServer<Sample>(default);
        try
        {
            byte[] whole = server.Answer([request], out _);
            int cut = _random.Next(request.Length + 1);
            byte[] pieces = new HostServer<Sample>(default).Answer([request[..cut], request[cut..]], out _);
            IReadOnlyList<ReadAnswer> answers = AnswerReader.ReadAll(whole);
            if (!AreSame(answers, AnswerReader.ReadAll(pieces)))
            {
                return $"cut at {cut} it is answered otherwise";
            }

            if (answers.SkipLast(1).Any(answer => answer.IsLast))
            {
                return "an answer behind the last one";
            }

            return Account(server, answers);
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentException or FormatException)
        {
            return error.Message;
        }
    }

    // How a stream is cut into chunks depends on the room that there was.
    private static bool AreSame(IReadOnlyList<ReadAnswer> first, IReadOnlyList<ReadAnswer> second) => first.Count == second.Count
        && first.Zip(second).All(pair => pair.First.Head == pair.Second.Head && pair.First.Content.AsSpan().SequenceEqual(pair.Second.Content));

    // Each head that was read has its answer but for the last, whose content may be missing; each fault has its own.
    private static string? Account(HostServer<Sample> server, IReadOnlyList<ReadAnswer> answers)
    {
        ref HttpCounters counters = ref server.Counters;
        ulong faults = 0;
        for (int fault = 1; fault < (int)RequestFault.Count; fault++)
        {
            faults += counters.Of((RequestFault)fault);
        }

        ulong begun = counters.Of(HttpEvent.Successes) + counters.Of(HttpEvent.Redirections) + counters.Of(HttpEvent.ClientErrors)
            + counters.Of(HttpEvent.ServerErrors);
        ulong requests = counters.Of(HttpEvent.Requests);
        int final = answers.Count(answer => answer.Status != 100);
        bool isSound = begun == (ulong)final
            && (ulong)(answers.Count - final) == counters.Of(HttpEvent.Continues)
            && faults <= 1
            && begun <= requests + faults
            && begun + 1 >= requests + faults
            && counters.Of(HttpEvent.ApplicationFaults) == 0
            && counters.Of(HttpEvent.BytesSent) >= (ulong)answers.Sum(answer => answer.Content.Length);
        return isSound ? null : $"{final} answers, {requests} requests, {faults} faults, {begun} begun";
    }
}
