using Atoll.Services.Http.Engine;

namespace Atoll.Http.Tests.Machine;

/// <summary>A server and its memory, on the host. The test moves its clock.</summary>
public sealed class HostServer<TApplication>
    where TApplication : struct, IHttpApplication
{
    private readonly HttpConnection[] _connections;
    private readonly byte[] _input;
    private readonly byte[] _output;
    private readonly int _bufferBytes;
    private TApplication _application;
    private HttpState _state;

    public HostServer(TApplication application, int connections = 1, int bufferBytes = HttpServer.BufferBytesMin,
        HttpSettings? settings = null)
    {
        _application = application;
        _bufferBytes = bufferBytes;
        _connections = new HttpConnection[connections];
        _input = new byte[connections * bufferBytes];
        _output = new byte[connections * bufferBytes];
        HttpSetup result = View.Begin(settings ?? HttpSettings.For(bufferBytes));
        if (result != HttpSetup.Ready)
        {
            throw new InvalidOperationException($"the server was not set up: {result}");
        }
    }

    /// <summary>Microseconds.</summary>
    public ulong Now { get; set; } = 1;

    public ref HttpCounters Counters => ref _state.Counters;

    public HttpServer View => new(
        ref _state,
        new HttpPools
        {
            Connections = _connections,
            InputBytes = _input,
            OutputBytes = _output,
            InputBytesEach = _bufferBytes,
            OutputBytesEach = _bufferBytes,
        },
        Now);

    public void Run(int index) => View.Run(index, ref _application);

    /// <summary>Gives bytes to a connection, and takes what it answers, until neither goes on.</summary>
    /// <returns>Bytes that it did not take: it is over, or waits for its answers to be taken.</returns>
    public int Feed(int index, ReadOnlySpan<byte> bytes, List<byte> answers)
    {
        bool hasMoved = true;
        while (hasMoved)
        {
            Span<byte> room = View.Room(index);
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            bytes = bytes[count..];
            View.Received(index, count);
            Run(index);
            ReadOnlySpan<byte> pending = View.Pending(index);
            answers.AddRange(pending);
            hasMoved = count != 0 || pending.Length != 0;
            View.Sent(index, pending.Length);
        }

        return bytes.Length;
    }

    /// <summary>What one connection answers to pieces, one after the other.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="isOver">Whether it has nothing more to say afterwards.</param>
    public byte[] Answer(IEnumerable<byte[]> pieces, out bool isOver)
    {
        int index = View.Open();
        List<byte> answers = [];
        foreach (byte[] piece in pieces)
        {
            Feed(index, piece, answers);
        }

        isOver = View.IsSendingOver(index);
        View.Close(index);
        return [.. answers];
    }
}
