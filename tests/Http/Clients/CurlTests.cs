using Atoll.Http.Tests.Machine;
using Atoll.TestVm.Guest;

namespace Atoll.Http.Tests.Clients;

/// <summary>curl, where it is installed, over sockets of this machine.</summary>
public sealed class CurlTests : IDisposable
{
    private readonly SocketServer<Sample> _server = new(default);

    public void Dispose() => _server.Dispose();

    [Fact]
    public void OneConnection_ServesSeveral() =>
        Expect("200 1|200 0|404 0", "-w", "%{http_code} %{num_connects}|", "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null",
            _server.Address, _server.Address + "/stream", _server.Address + "/none");

    [Fact]
    public void Head_Part_AndCondition_AreUnderstood()
    {
        Expect("200 100000", "-I", "-w", "%{http_code} %header{content-length}", "-o", "/dev/null", _server.Address + "/big");
        Expect("ell206", "-r", "1-3", "-w", "%{http_code}", _server.Address);
        Expect("304", "-H", "If-None-Match: \"0123456789abcdef\"", "-w", "%{http_code}", _server.Address);
    }

    [Fact]
    public void Upload_InChunksAndAfterAsking_IsTaken()
    {
        Expect(Sample.SumOf("abc"u8), "-H", "Transfer-Encoding: chunked", "-d", "abc", _server.Address + "/sum");
        Expect(Sample.SumOf("abc"u8), "-H", "Expect: 100-continue", "-d", "abc", _server.Address + "/sum");
    }

    [Fact]
    public void WrongRequest_IsTold() => Expect("400 Bad Request: Host is missing\n", "-H", "Host:", _server.Address);

    // Without curl there is nothing to show: the other clients show the same.
    private static void Expect(string expected, params string[] arguments) =>
        Assert.Equal(expected, CurlClient.Ask(arguments)?.TrimEnd('|') ?? expected);
}
