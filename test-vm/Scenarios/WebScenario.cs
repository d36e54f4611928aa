using System.Net.Sockets;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>Clients of others talk to the web server in the machine, and it answers as HTTP says.</summary>
/// <param name="isRemapped">Whether the machine has an IOMMU: the card reaches then what its driver has mapped for it, and all goes on as without.</param>
public sealed class WebScenario(bool isRemapped) : SystemScenario
{
    private const int ContentBytes = 300_000;
    private const int Clients = 64;
    private const int RequestsEach = 4;

    private static readonly GuestPort s_port = new(80);

    private readonly VmNetwork _network = VmNetwork.Of(s_port) with { IsRemapped = isRemapped };

    /// <inheritdoc/>
    public override string Name => isRemapped ? "web-iommu" : "web";

    /// <inheritdoc/>
    public override string Description =>
        "the web server in the machine serves .NET's client and curl, 64 at once, and refuses what is no request"
        + (isRemapped ? "; the card is behind an IOMMU" : "");

    /// <inheritdoc/>
    public override string? SystemName => "web";

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [CurlClient.Package];

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => isRemapped
        ? settings with { Network = _network, Devices = [VmSettings.Iommu, .. settings.Devices], TimeLimit = settings.TimeLimit * 2 }
        : settings with { Network = _network };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("http: listening"), "the server does not listen"))
        {
            return;
        }

        using var host = new WebHost(_network.HostPort(s_port));
        try
        {
            run.Count("resources", host.Resources(expect));
            run.Count("contents", host.Contents(expect, ContentBytes));
            run.Count("curl", host.Curl(expect));
            run.Count("refused", host.WrongRequests(expect));
            run.Count("crowd", host.Crowd(expect, Clients, RequestsEach));
            if (StackBeginsAnew(expect, terminal))
            {
                run.Count("after-restart", host.Resources(expect));
            }
        }
        catch (Exception error) when (error is HttpRequestException or AggregateException or SocketException or IOException)
        {
            expect.That(false, $"a client failed: {error.GetBaseException().Message}");
        }

        Settle(expect, terminal);
        if (isRemapped)
        {
            string devices = Ask(expect, terminal, "devices");
            expect.That(Regex.IsMatch(devices, "devices are held to their memory; stopped: 0"), $"the card is not held to its driver's memory, or strayed: {devices}");
        }
    }

    // Every connection is gone then, and the server listens again.
    private static bool StackBeginsAnew(Expectations expect, GuestTerminal terminal)
    {
        Settle(expect, terminal);
        terminal.Type("restart net\r");
        return Says(expect, terminal, "http: StackDead", "the end of the stack")
            && Says(expect, terminal, "http: listening", "the server's new beginning");
    }
}
