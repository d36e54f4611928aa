using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atoll.TestVm.Machine;

/// <summary>QEMU's machine protocol over a Unix socket: one command, one answer.</summary>
/// <remarks>Source: QEMU documentation, "QEMU Machine Protocol Specification".</remarks>
public sealed class QmpClient : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private QmpClient(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.UTF8);
    }

    /// <summary>Connects, waiting for QEMU to open the socket, and leaves negotiation mode.</summary>
    /// <exception cref="VmException">Nobody listens within the time.</exception>
    public static QmpClient Connect(string path, TimeSpan timeout)
    {
        var client = new QmpClient(ConnectSocket(path, timeout));
        client.ReadObject();
        client.Execute("qmp_capabilities");
        return client;
    }

    /// <summary>Runs a command and returns its value.</summary>
    /// <exception cref="VmException">QEMU refused it, or the connection ended.</exception>
    public JsonElement Execute(string command, params (string Name, object Value)[] arguments)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments.Length > 0)
        {
            request["arguments"] = new JsonObject(
                arguments.Select(pair => KeyValuePair.Create(pair.Name, JsonSerializer.SerializeToNode(pair.Value))));
        }

        return Guard(command, () =>
        {
            _stream.Write(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"));
            return ReadAnswer(command);
        });
    }

    /// <summary>Runs a command of the human monitor and returns what it prints.</summary>
    public string Monitor(string command) =>
        Execute("human-monitor-command", ("command-line", command)).GetString() ?? "";

    /// <summary>Stops all virtual cores, so that memory and registers hold still.</summary>
    public void StopCores() => Execute("stop");

    /// <summary>Lets the virtual cores go on.</summary>
    public void ContinueCores() => Execute("cont");

    /// <summary>Whether the virtual cores are running.</summary>
    public bool CoresRun => Execute("query-status").GetProperty("running").GetBoolean();

    /// <summary>Sends an NMI to every core that takes one.</summary>
    public void InjectNmi() => Execute("inject-nmi");

    /// <summary>Copies physical memory to a file.</summary>
    public void SavePhysicalMemory(ulong address, ulong sizeBytes, string file) =>
        Execute("pmemsave", ("val", address), ("size", sizeBytes), ("filename", file));

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        _socket.Dispose();
    }

    private static Socket ConnectSocket(string path, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            {
                ReceiveTimeout = (int)TimeSpan.FromSeconds(30).TotalMilliseconds,
            };
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return socket;
            }
            catch (SocketException error)
            {
                socket.Dispose();
                if (Stopwatch.GetElapsedTime(start) > timeout)
                {
                    throw new VmException($"QEMU's control socket does not answer: {error.Message}", error);
                }

                Thread.Sleep(10);
            }
        }
    }

    // Events come between a command and its answer at any time.
    private JsonElement ReadAnswer(string command)
    {
        while (true)
        {
            JsonElement answer = ReadObject();
            if (answer.TryGetProperty("return", out JsonElement value))
            {
                return value;
            }

            if (answer.TryGetProperty("error", out JsonElement error))
            {
                throw new VmException($"QEMU refused '{command}': {error.GetProperty("desc").GetString()}");
            }
        }
    }

    private JsonElement ReadObject()
    {
        string line = _reader.ReadLine() ?? throw new VmException("QEMU closed its control socket");
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    private static JsonElement Guard(string command, Func<JsonElement> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new VmException($"QEMU did not answer '{command}': {error.Message}", error);
        }
    }
}
