using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Atoll.Http.Tests.Checks;
using Atoll.Http.Tests.Machine;
using Atoll.Services.Http;
using Atoll.Services.Protocols;

namespace Atoll.Http.Tests.Site;

/// <summary>What the site serves of a machine.</summary>
public sealed partial class SiteTests
{
    private readonly PretendedMachine _machine = new();

    [Theory]
    [InlineData("/", "page.html", "text/html; charset=utf-8")]
    [InlineData("/page.css", "page.css", "text/css; charset=utf-8")]
    [InlineData("/page.js", "page.js", "text/javascript; charset=utf-8")]
    [InlineData("/icon.svg", "icon.svg", "image/svg+xml")]
    public void File_IsServedAsItLiesInItsFolder(string path, string name, string type)
    {
        ReadAnswer answer = Ask($"GET {path} HTTP/1.1");

        Assert.Equal(200, answer.Status);
        Assert.Equal(type, answer.Field("Content-Type"));
        Assert.Equal(SiteFiles.Read(name), Encoding.UTF8.GetString(answer.Content));
        Assert.Equal(304, Ask($"GET {path} HTTP/1.1\r\nIf-None-Match: {answer.Field("ETag")}").Status);
    }

    [Theory]
    [InlineData("GET /page.js/ HTTP/1.1", 404)]
    [InlineData("GET /PAGE.JS HTTP/1.1", 404)]
    [InlineData("GET /Files/page.js HTTP/1.1", 404)]
    [InlineData("DELETE /api/instances HTTP/1.1", 405)]
    [InlineData("GET /sum HTTP/1.1", 405)]
    [InlineData("OPTIONS * HTTP/1.1", 204)]
    [InlineData("TRACE / HTTP/1.1", 405)]
    public void OtherRequests_AreAnsweredByTheirStatus(string request, int status) => Assert.Equal(status, Ask(request).Status);

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("GET /api/instances HTTP/1.1")]
    [InlineData("GET /none HTTP/1.1")]
    [InlineData("BREW / HTTP/1.1")]
    public void EveryAnswer_IsHeldToThePolicy(string request)
    {
        ReadAnswer answer = Ask(request);

        Assert.StartsWith("default-src 'none'; ", answer.Field("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", answer.Field("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Field("X-Content-Type-Options"));
    }

    [Fact]
    public void Instances_AreToldAsJson()
    {
        _machine.Programs[2].State = ProgramState.Faulted;
        _machine.Programs[2].Starts = 3;
        ReadAnswer answer = Ask("GET /api/instances HTTP/1.1");
        using JsonDocument told = JsonDocument.Parse(answer.Content);
        JsonElement[] instances = [.. told.RootElement.GetProperty("instances").EnumerateArray()];
        JsonElement shell = instances[0].GetProperty("programs")[2];

        Assert.Equal("no-store", answer.Field("Cache-Control"));
        Assert.Equal([0, 1, 2, 3], instances.Select(instance => instance.GetProperty("core").GetInt32()));
        Assert.Equal("running", instances[0].GetProperty("state").GetString());
        Assert.False(instances[1].TryGetProperty("state", out _));
        Assert.Equal(8 << 20, instances[0].GetProperty("memory_bytes").GetInt32());
        Assert.Equal("shell", shell.GetProperty("name").GetString());
        Assert.Equal("faulted", shell.GetProperty("state").GetString());
        Assert.Equal(3, shell.GetProperty("starts").GetInt32());
        Assert.Equal(102, shell.GetProperty("priority").GetInt32());
        Assert.Equal(1, told.RootElement.GetProperty("http").GetProperty("requests").GetInt32());
    }

    /// <summary>The own core first, then the others; who has told nothing is there without a state.</summary>
    [Theory]
    [InlineData(0, new[] { 0, 1, 2, 3 })]
    [InlineData(2, new[] { 2, 0, 1, 3 })]
    [InlineData(3, new[] { 3, 0, 1, 2 })]
    public void OtherCores_TellOfTheirPrograms(uint own, int[] order)
    {
        PretendedMachine machine = new() { Core = own };
        machine.Others[1] = [new("shell") { State = ProgramState.Faulted, Starts = 4 }, new("agent")];
        using JsonDocument told = JsonDocument.Parse(Ask(machine, "GET /api/instances HTTP/1.1").Content);
        JsonElement[] instances = [.. told.RootElement.GetProperty("instances").EnumerateArray()];
        JsonElement other = instances.Single(instance => instance.GetProperty("core").GetInt32() == 1);
        JsonElement[] programs = [.. other.GetProperty("programs").EnumerateArray()];

        Assert.Equal(order, instances.Select(instance => instance.GetProperty("core").GetInt32()));
        Assert.Equal(["console", "supervisor", "shell", "http"], Names(instances[0]));
        Assert.Equal(["shell", "agent"], Names(other));
        Assert.Equal("faulted", programs[0].GetProperty("state").GetString());
        Assert.Equal(4, programs[0].GetProperty("starts").GetInt32());
        Assert.Equal(201, programs[1].GetProperty("priority").GetInt32());
        Assert.Equal(8 << 20, other.GetProperty("memory_bytes").GetInt32());
        Assert.True(other.GetProperty("told_us").GetInt64() > 0);
        Assert.Equal(2, instances.Count(instance => !instance.TryGetProperty("state", out _)));
    }

    /// <summary>Pieces of many cores in every place of the buffer, also of cores without a program.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(48)]
    public void ManyCores_AreToldWhole(int count)
    {
        PretendedMachine machine = new() { Cores = 64, Core = 5 };
        for (uint core = 0; core < 16; core++)
        {
            machine.Others[core] = [.. Enumerable.Range(0, count).Select(index => new PretendedProgram($"c{core}-{index}-{new string('x', 20)}"))];
        }

        using JsonDocument told = JsonDocument.Parse(Ask(machine, "GET /api/instances HTTP/1.1").Content);
        JsonElement[] instances = [.. told.RootElement.GetProperty("instances").EnumerateArray()];

        Assert.Equal(64, instances.Select(instance => instance.GetProperty("core").GetInt32()).Distinct().Count());
        Assert.All(instances.Skip(1).Where(instance => instance.GetProperty("core").GetInt32() < 16), instance =>
            Assert.Equal(machine.Others[instance.GetProperty("core").GetUInt32()].Select(program => program.Name), Names(instance)));
    }

    // More than a system can have, with names as long as names are: pieces in every place of the buffer.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(48)]
    [InlineData(300)]
    public void ManyPrograms_AreToldWhole(int count)
    {
        _machine.Programs.Clear();
        _machine.Programs.AddRange(Enumerable.Range(0, count).Select(index =>
            new PretendedProgram($"p{index}-{new string('x', 31 - 2 - $"{index}".Length)}")));
        using JsonDocument told = JsonDocument.Parse(Ask("GET /api/instances HTTP/1.1").Content);

        Assert.Equal(
            _machine.Programs.Select(program => program.Name),
            told.RootElement.GetProperty("instances")[0].GetProperty("programs").EnumerateArray().Select(program =>
                program.GetProperty("name").GetString()));
        Assert.Equal(count, MetricReader.Read(Ask("GET /metrics HTTP/1.1").Content).Count(sample =>
            sample.Family == "atoll_program_starts_total"));
    }

    [Fact]
    public void SilentInit_IsNoProgram()
    {
        _machine.IsInitSilent = true;
        using JsonDocument told = JsonDocument.Parse(Ask("GET /api/instances HTTP/1.1").Content);

        Assert.Equal(0, told.RootElement.GetProperty("instances")[0].GetProperty("programs").GetArrayLength());
        Assert.NotEmpty(MetricReader.Read(Ask("GET /metrics HTTP/1.1").Content));
    }

    [Fact]
    public void Metrics_AreNamedAsPrometheusSays()
    {
        _machine.Programs[3].State = ProgramState.Elsewhere;
        IReadOnlyList<Sample> samples = MetricReader.Read(Ask("GET /metrics HTTP/1.1").Content);

        Assert.All(samples, sample => Assert.Matches(MetricName(), sample.Family));
        Assert.All(samples, sample => Assert.Equal(sample.Family.EndsWith("_total", StringComparison.Ordinal), sample.Type == "counter"));
        Assert.Distinct(samples.Select(sample => sample.Family + sample.Labels));
        Assert.Equal(26, samples.Select(sample => sample.Family).Distinct().Count());
        Assert.Equal(3, samples.Count(sample => sample.Family == "atoll_program_running"));
        Assert.Contains(samples, sample =>
            sample is { Family: "atoll_program_running", Labels: "{core=\"0\",program=\"shell\"}", Value: "1" });
        Assert.Contains(samples, sample =>
            sample is { Family: "atoll_http_refusals_total", Labels: "{cause=\"Host is missing\"}", Value: "0" });
        Assert.Contains(samples, sample => sample is { Family: "atoll_http_requests_total", Value: "1" });
        Assert.Matches(@"^1\.[0-9]{6}$", samples.Single(sample => sample.Family == "atoll_uptime_seconds").Value);
    }

    [Fact]
    public void Metrics_TellOfDevices_WhereSomebodyHandsThemOut()
    {
        Assert.DoesNotContain(MetricReader.Read(Ask("GET /metrics HTTP/1.1").Content), sample => sample.Family.StartsWith("atoll_device", StringComparison.Ordinal));

        _machine.DeviceFaults = 3;
        IReadOnlyList<Sample> samples = MetricReader.Read(Ask("GET /metrics HTTP/1.1").Content);
        Assert.Contains(samples, sample => sample is { Family: "atoll_devices_held", Type: "gauge", Value: "1" });
        Assert.Contains(samples, sample => sample is { Family: "atoll_device_faults_total", Type: "counter", Value: "3" });
        Assert.Equal(28, samples.Select(sample => sample.Family).Distinct().Count());
    }

    [Fact]
    public void Data_IsWhatItsPlaceSays()
    {
        byte[] part = Ask("GET /data HTTP/1.1\r\nRange: bytes=1073741800-").Content;

        Assert.Equal(24, part.Length);
        Assert.Equal(Enumerable.Range(0, 24).Select(index => 1_073_741_800 + index).Select(place => (byte)(place + (place >> 8))), part);
    }

    [Fact]
    public void Sum_CountsBytes() =>
        Assert.Equal("{\"bytes\":4,\"sum\":394}\n", Encoding.UTF8.GetString(Ask("POST /sum HTTP/1.1\r\nContent-Length: 4",
            "abcd").Content));

    private static IEnumerable<string?> Names(JsonElement instance) =>
        instance.GetProperty("programs").EnumerateArray().Select(program => program.GetProperty("name").GetString());

    private ReadAnswer Ask(string head, string content = "") => Ask(_machine, head, content);

    private static ReadAnswer Ask(PretendedMachine machine, string head, string content = "")
    {
        var server = new HostServer<WebSite<MachineView>>(new(machine.View()));
        byte[] request = Encoding.Latin1.GetBytes($"{head}\r\nHost: a\r\n\r\n{content}");
        return AnswerReader.ReadAll(server.Answer([request], out _))[0];
    }

    [GeneratedRegex("^atoll_[a-z]+(_[a-z]+)*$")]
    private static partial Regex MetricName();
}
