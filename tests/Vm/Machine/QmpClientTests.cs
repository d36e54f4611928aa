using System.Net.Sockets;
using System.Text;
using Atoll.TestVm.Machine;

namespace Atoll.Vm.Tests.Machine;

/// <summary>The client speaks QMP with a server that answers from a script.</summary>
public sealed class QmpClientTests
{
    private const string Greeting = """{"QMP": {"version": {}, "capabilities": []}}""";

    [Fact]
    public async Task Events_BetweenCommandAndAnswer_ArePassedOver() =>
        await Converse(
            ["""{"return": {}}""", """{"event": "STOP"}""" + "\n" + """{"return": {"running": false}}"""],
            client => Assert.False(client.CoresRun),
            """{"execute":"qmp_capabilities"}""",
            """{"execute":"query-status"}""");

    [Fact]
    public async Task Arguments_AreSent() =>
        await Converse(
            ["""{"return": {}}""", """{"return": {}}"""],
            client => client.SavePhysicalMemory(0, 4096, "dump"),
            """{"execute":"qmp_capabilities"}""",
            """{"execute":"pmemsave","arguments":{"val":0,"size":4096,"filename":"dump"}}""");

    [Fact]
    public async Task Refusal_IsAnError() =>
        await Converse(
            ["""{"return": {}}""", """{"error": {"class": "GenericError", "desc": "not now"}}"""],
            client => Assert.Contains("not now", Assert.Throws<VmException>(client.InjectNmi).Message),
            """{"execute":"qmp_capabilities"}""",
            """{"execute":"inject-nmi"}""");

    [Fact]
    public async Task EndOfConnection_IsAnError() =>
        await Converse(
            ["""{"return": {}}"""],
            client => Assert.Throws<VmException>(client.StopCores),
            """{"execute":"qmp_capabilities"}""");

    [Fact]
    public void NobodyThere_IsAnError() =>
        Assert.Throws<VmException>(() => QmpClient.Connect("/no/such/socket", TimeSpan.FromMilliseconds(20)));

    private static async Task Converse(string[] answers, Action<QmpClient> talk, params string[] expected)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("atoll-");
        try
        {
            string path = Path.Combine(folder.FullName, "qmp");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            Task<List<string>> server = Serve(listener, answers);
            using (QmpClient client = QmpClient.Connect(path, TimeSpan.FromSeconds(10)))
            {
                talk(client);
            }

            Assert.Equal(expected, await server);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<string>> Serve(Socket listener, string[] answers)
    {
        using Socket connection = await listener.AcceptAsync();
        await using var stream = new NetworkStream(connection);
        using var reader = new StreamReader(stream);
        List<string> requests = [];
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Greeting + "\n"));
        foreach (string answer in answers)
        {
            requests.Add(await reader.ReadLineAsync() ?? "nothing");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\n"));
        }

        return requests;
    }
}
