using System.Globalization;
using System.Text;
using Atoll.Http.Tests.Machine;

namespace Atoll.Http.Tests.Checks;

/// <summary>
/// Random pipelines of good requests on several connections at once, in random pieces both ways. Each answer must be the one that
/// belongs to its request, as <see cref="AnswerReader"/> reads it.
/// </summary>
/// <param name="seed">Repeats a run.</param>
public sealed class PipelineCheck(int seed)
{
    private const int Connections = 3;
    private const int RequestsMax = 12;
    private readonly Random _random = new(seed);
    private readonly HostServer<Sample> _server = new(default, Connections);

    /// <summary>Runs.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Run()
    {
        Client[] clients = [.. Enumerable.Range(0, Connections).Select(_ => new Client(_server.View.Open()))];
        foreach (Client client in clients)
        {
            int count = _random.Next(1, RequestsMax);
            for (int request = 0; request < count; request++)
            {
                Add(client, isLast: request == count - 1);
            }
        }

        // Pieces of a few bytes: a run of them moves every byte.
        for (int step = 0; step < 2_000_000 && clients.Any(client => !client.IsDone); step++)
        {
            Move(clients[_random.Next(Connections)]);
        }

        string? wrong = clients.Select(Compare).FirstOrDefault(found => found is not null);
        ulong answers = _server.Counters.Of(Services.Http.Engine.HttpEvent.Requests);
        return wrong is null && answers != (ulong)clients.Sum(client => client.Expected.Count)
            ? $"seed {seed}: {answers} requests were counted"
            : wrong;
    }

    private void Move(Client client)
    {
        _server.Now += (ulong)_random.Next(100);
        Span<byte> room = _server.View.Room(client.Index);
        int count = Math.Min(_random.Next(_random.Next(2) == 0 ? 8 : 3000), Math.Min(room.Length, client.Request.Count - client.SentBytes));
        client.Request.Slice(client.SentBytes, count).ToArray().CopyTo(room);
        client.SentBytes += count;
        _server.View.Received(client.Index, count);
        _server.Run(client.Index);
        ReadOnlySpan<byte> pending = _server.View.Pending(client.Index);
        int taken = Math.Min(pending.Length, _random.Next(_random.Next(2) == 0 ? 8 : 5000));
        client.Answer.AddRange(pending[..taken]);
        _server.View.Sent(client.Index, taken);
        client.IsDone = client.SentBytes == client.Request.Count && _server.View.IsSendingOver(client.Index);
    }

    private string? Compare(Client client)
    {
        IReadOnlyList<ReadAnswer> answers;
        try
        {
            answers = AnswerReader.ReadAll(client.Answer.ToArray(), client.Heads);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return $"seed {seed}: {error.Message}";
        }

        ReadAnswer[] final = [.. answers.Where(answer => answer.Status != 100)];
        if (final.Length != client.Expected.Count || answers.Count - final.Length != client.Continues)
        {
            return $"seed {seed}: {answers.Count} answers to {client.Expected.Count} requests";
        }

        for (int index = 0; index < final.Length; index++)
        {
            (int status, byte[] content) = client.Expected[index];
            bool isSame = final[index].Status == status && (status >= 400 || final[index].Content.AsSpan().SequenceEqual(content));
            if (!isSame || final[index].IsLast != (index == final.Length - 1))
            {
                return $"seed {seed}: answer {index} is not the one to request {index}";
            }
        }

        return null;
    }

    private void Add(Client client, bool isLast)
    {
        switch (_random.Next(6))
        {
            case 0:
                AddSum(client, isLast);
                break;
            case 1:
                AddPart(client, isLast);
                break;
            case 2:
                client.Heads.Add(client.Expected.Count);
                client.Expect(200, []);
                client.Write($"HEAD /big HTTP/1.1\r\n{Fields(isLast)}\r\n");
                break;
            case 3:
                client.Expect(404, []);
                client.Write($"GET /none{_random.Next()} HTTP/1.1\r\n{Fields(isLast)}\r\n");
                break;
            case 4:
                client.Expect(200, Pattern(0, Sample.StreamBytes));
                client.Write($"GET /stream HTTP/1.1\r\n{Fields(isLast)}\r\n");
                break;
            default:
                client.Expect(200, Encoding.Latin1.GetBytes(Sample.Hello));
                client.Write($"GET / HTTP/1.1\r\n{Fields(isLast)}\r\n");
                break;
        }
    }

    private void AddPart(Client client, bool isLast)
    {
        int first = _random.Next(Sample.BigBytes);
        int last = _random.Next(first, Sample.BigBytes);
        client.Expect(206, Pattern(first, last - first + 1));
        client.Write($"GET /big HTTP/1.1\r\nRange: bytes={first}-{last}\r\n{Fields(isLast)}\r\n");
    }

    private void AddSum(Client client, bool isLast)
    {
        byte[] content = new byte[_random.Next(_random.Next(2) == 0 ? 20 : 9000)];
        _random.NextBytes(content);
        bool isAsking = _random.Next(3) == 0;
        bool isChunked = _random.Next(2) == 0;
        client.Continues += isAsking && (isChunked || content.Length != 0) ? 1 : 0;
        client.Expect(200, Encoding.Latin1.GetBytes(Sample.SumOf(content)));
        client.Write($"POST /sum HTTP/1.1\r\n{Fields(isLast)}{(isAsking ? "Expect: 100-continue\r\n" : "")}");
        client.Write(isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {content.Length}\r\n\r\n");
        if (!isChunked)
        {
            client.Request.AddRange(content);
            return;
        }

        for (int done = 0; done < content.Length;)
        {
            int count = Math.Min(content.Length - done, _random.Next(1, 3000));
            client.Write(count.ToString(_random.Next(2) == 0 ? "x" : "X8", CultureInfo.InvariantCulture) + (_random.Next(3) == 0
                ? ";a=b\r\n" : "\r\n"));
            client.Request.AddRange(content.AsSpan(done, count));
            client.Write("\r\n");
            done += count;
        }

        client.Write(_random.Next(2) == 0 ? "0\r\n\r\n" : "0\r\nX-Sum: 1\r\n\r\n");
    }

    private string Fields(bool isLast) => "Host: a\r\n"
        + string.Concat(Enumerable.Range(0, _random.Next(4)).Select(_ => $"X-{_random.Next()}: {new string('v', _random.Next(40))}\r\n"))
        + (isLast ? "Connection: close\r\n" : "");

    private static byte[] Pattern(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(place => Sample.Pattern((ulong)place))];

    private sealed class Client(int index)
    {
        public int Index { get; } = index;

        public List<byte> Request { get; } = [];

        public List<byte> Answer { get; } = [];

        public List<(int Status, byte[] Content)> Expected { get; } = [];

        public List<int> Heads { get; } = [];

        public int Continues { get; set; }

        public int SentBytes { get; set; }

        public bool IsDone { get; set; }

        public void Write(string text) => Request.AddRange(Encoding.Latin1.GetBytes(text));

        public void Expect(int status, byte[] content) => Expected.Add((status, content));
    }
}
