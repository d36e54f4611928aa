using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>Defects of the stack that a scan of the machine, or a flood, must find, and of a web server that tells of other cores. The system is built with them; the kernel is sound.</summary>
internal static class NetDefects
{
    private const string Stack = "services/Net/Stack/NetStack.cs";

    private static readonly VmShape s_one = new(1) { MemoryMiB = 128 };
    private static readonly VmShape s_three = new(3) { MemoryMiB = 192 };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Defect> All { get; } =
    [
        new("a frame for which nobody listens is in no counter", Stack,
            "        State.Counters.Count(outcome);\n        return outcome;",
            "        if (outcome != FrameOutcome.TcpNoConnection)\n        {\n            State.Counters.Count(outcome);\n        }\n\n        return outcome;",
            "net-scan", s_one)
        {
            Complaint = "frames came through the card",
            IsInPrograms = true,
        },
        new("who calls in a flood is not known when its handshake ends", "services/Net/Stack/Tcp/TcpListen.cs",
            "if (!isCookie || segment.Has(TcpFlags.Syn)", "if (isCookie || segment.Has(TcpFlags.Syn)",
            "net-flood", s_one)
        {
            // RFC 4987, "SYN Cookies": in a flood nothing else remembers who calls.
            Complaint = "TCP, 10000 bytes",
            IsInPrograms = true,
        },
        new("a web server takes no answers of other cores", "services/Http/Serving/HttpService.cs",
            "        _others.GoOn(Now);\n", "",
            "web-spread", s_three)
        {
            Complaint = "all cores are told by the servers",
            IsInPrograms = true,
        },
    ];
}
