using System.Net.Http;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atoll.TestVm.Browser;

/// <summary>Talks to one page of a browser. Source: Chrome DevTools Protocol.</summary>
public sealed class DevTools : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private readonly ClientWebSocket _socket = new();
    private int _number;

    /// <summary>What the browser has reported as wrong: exceptions, and lines of its log.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Finds the page of a browser that listens.</summary>
    /// <param name="port">Where it does.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task ConnectAsync(int port, CancellationToken stop)
    {
        using var client = new HttpClient();
        JsonArray targets = JsonNode.Parse(await client.GetStringAsync($"http://127.0.0.1:{port}/json/list", stop))!.AsArray();
        string address = targets.First(target => (string?)target!["type"] == "page")!["webSocketDebuggerUrl"]!.GetValue<string>();
        await _socket.ConnectAsync(new Uri(address), stop);
        foreach (string domain in new[] { "Runtime", "Log", "Page" })
        {
            await CallAsync($"{domain}.enable", [], stop);
        }
    }

    /// <summary>Calls a method.</summary>
    public async Task<JsonNode> CallAsync(string method, JsonObject parameters, CancellationToken stop)
    {
        int number = ++_number;
        JsonObject call = new() { ["id"] = number, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, stop);
        while (true)
        {
            JsonNode told = await ReceiveAsync(stop);
            if (told["id"]?.GetValue<int>() == number)
            {
                return told["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}")
                    : told["result"]!;
            }

            Note(told);
        }
    }

    /// <summary>The value of an expression on the page, a promise's when it is one.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression, CancellationToken stop)
    {
        JsonNode result = await CallAsync(
            "Runtime.evaluate",
            new() { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true },
            stop);
        return result["exceptionDetails"] is { } error ? throw new InvalidOperationException(error.ToJsonString())
            : result["result"]!["value"];
    }

    public void Dispose() => _socket.Dispose();

    private async Task<JsonNode> ReceiveAsync(CancellationToken stop)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[BufferBytes];
        WebSocketReceiveResult got;
        do
        {
            got = await _socket.ReceiveAsync(buffer, stop);
            message.Write(buffer, 0, got.Count);
        }
        while (!got.EndOfMessage);

        return JsonSerializer.Deserialize<JsonNode>(message.ToArray())!;
    }

    private void Note(JsonNode told)
    {
        if ((string?)told["method"] is "Runtime.exceptionThrown" or "Log.entryAdded")
        {
            Complaints.Add(told["params"]!.ToJsonString());
        }
    }
}
