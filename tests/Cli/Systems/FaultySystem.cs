namespace Atoll.Cli.Tests.Systems;

/// <summary>A description with one mistake.</summary>
/// <param name="Marked">The file, with a « before the place of the finding.</param>
/// <param name="Id">The finding.</param>
/// <param name="Says">Part of its text.</param>
internal sealed record FaultySystem(string Marked, string Id, string Says)
{
    private const string Head = "description = \"d\"\ncores = 2\n";
    private const string Serial = "[[program]]\nname = \"serial\"\n[program.ports]\nuart = { first = 0x3F8, last = 0x3FF }\n"
        + "[program.interrupts]\nuart-line = { line = 4 }\n";

    private const string Served = Head + Serial + "[[channel]]\nserver = \"serial.bytes\"\n";
    private const string Console = "[[program]]\nname = \"console\"\n";
    private const string Frames = "[[region]]\nname = \"frames\"\nsize_kib = 64\n";

    private const string Heard = "[[program]]\nname = \"hearer\"\n";

    private const string Line = "[[channel]]\nends = [\"ringer.line\", \"second.line\"]\n";

    private static readonly string TwiceJoined = Line + "[[program]]\nname = \"third\"\nimage = \"ringer\"\n[[channel]]\nends = [«\"ringer.line\", \"third.line\"]";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultySystem> All { get; } =
    [
        // The file.
        new(Head + "[[program«]\nname = \"plain\"", "ATL9501", ""),
        new(Head + Plain("«prioritie = 3"), "ATL9502", "did you mean 'priority'?"),
        new("description = \"d\"\n«core = 2\n" + Plain(""), "ATL9502", "did you mean 'cores'?"),
        new("«cores = 2\n" + Plain(""), "ATL9503", "A system has no 'description'"),
        new("«description = \"d\"", "ATL9503", "A system has no 'program'"),
        new(Head + "[[«program]]\ncore = 0", "ATL9503", "has no 'name'"),
        new(Head + Plain("") + "[[«channel]]\nclients = []", "ATL9503", "A channel has no 'server'"),
        new(Head + Plain("") + "[[«channel]]\nserver = \"init\"", "ATL9503", "A channel has no 'clients'"),
        new(Head + Plain("") + "[[«region]]\nname = \"frames\"", "ATL9503", "A region has no 'size_kib'"),
        new("description = «5\n" + Plain(""), "ATL9504", "must be a text"),
        new(Head + "program = «3", "ATL9504", "must be an array of tables"),
        new(Head + "[[program]]\nname = \"plain\"\ncore = «true", "ATL9504", "must be a number or \"every\""),
        new(Head + Plain("ports = { uart = «3 }"), "ATL9504", "must be a table"),
        new(Head + Plain("allow = «\"figures\""), "ATL9504", "must be an array of texts"),
        new("description = \"d\"\ncores = «0\n" + Plain(""), "ATL9505", "1 to 255"),
        new("description = \"d\"\ngrant_mib = «3\n" + Plain(""), "ATL9505", "in steps of 2"),
        new("description = \"d\"\n«restarts = 3\n" + Plain(""), "ATL9502", "restarts"),
        new(Head + Plain("priority = «256"), "ATL9505", "1 to 255"),
        new(Head + Plain("core = «-1"), "ATL9505", "0 to 254"),
        new(Head + Plain("budget_us = «5\nperiod_us = 100"), "ATL9505", "10 to"),
        new(Head + Plain("restart = \"on-fault\"\nrestarts = «0"), "ATL9505", "1 to"),
        new(Head + Plain("memory_kib = «8"), "ATL9505", "16 to"),
        new(Head + Plain("memory_kib = «100"), "ATL9505", "powers of two"),
        new(Head + Plain("") + "[[region]]\nname = \"frames\"\npage = \"2m\"\nsize_kib = «64", "ATL9505", "in steps of 2048"),
        new(Head + Plain("") + "[[forward]]\nport = «0", "ATL9505", "1 to 65535"),
        new(Head + Plain("") + "[[forward]]\nport = 80\nprotocol = «\"http\"", "ATL9508", "none of tcp, udp"),
        new(Head + Plain("") + "[[forward]]\nport = 80\n[[«forward]]\nport = 80\nprotocol = \"tcp\"", "ATL9507", "Two forwards are called 'tcp 80'"),
        new(Head + "[[program]]\nname = «\"Plain\"", "ATL9506", "'Plain' is no name"),
        new(Head + Plain("") + "[[«program]]\nname = \"plain\"", "ATL9507", "Two programs are called 'plain'"),
        new(Head + Plain("") + "[[«program]]\nname = \"init\"\nimage = \"plain\"", "ATL9507", "'init' is the program that the kernel starts"),
        new(Head + Meter("allow = [\"figures\", «\"figures\"]"), "ATL9507", "allowed twice"),
        new(Head + Plain("core = «\"evry\""), "ATL9508", "did you mean 'every'?"),
        new(Head + Plain("restart = «\"always\""), "ATL9508", "none of never, on-fault"),
        new(Head + Plain("allow = [«\"memory\"]"), "ATL9508", "'memory' is none of machine, cores, connects, figures"),
        new(Head + "[[program]]\nname = \"serial\"\n[program.interrupts]\nuart-line = { line = 4, trigger = «\"egde\" }", "ATL9508", "did you mean 'edge'?"),
        new(Head + Plain("") + "[[region]]\nname = \"frames\"\nsize_kib = 64\npage = «\"1g\"", "ATL9508", "none of 4k, 2m"),

        // Programs and needs.
        new(Served + "clients = [«\"consol.serial\"]\n" + Console, "ATL9522", "did you mean 'console'?"),
        new(Head + Plain("faults_to = «\"nobody\""), "ATL9522", "no program 'nobody'"),
        new(Head + Plain("arguments = «\"{plan}=64 {plain}=4\""), "ATL9522", "no program 'plan' in the system: did you mean 'plain'?"),
        new(Served + "clients = [«\"console.seral\"]\n" + Console, "ATL9523", "did you mean 'serial'?"),
        new(Head + Plain("[program.ports]\n«uart = { first = 1, last = 2 }"), "ATL9523", "'plain' has no need 'uart' (services/plain/program.toml)"),
        new(Head + Serial + Mapper("0x10000000").Replace("shared = {", "«shraed = {", StringComparison.Ordinal) + Frames, "ATL9523", "did you mean 'shared'?"),
        new(Served + "clients = [«\"serial.uart\"]\n", "ATL9524", "of kind 'ports', and not 'call'"),
        new(Head + Serial + "[[channel]]\nserver = «\"serial.uart\"\nclients = []", "ATL9524", "not 'serve' or 'faults'"),
        new(Head + "[[program]]\nname = \"serial\"\n[program.interrupts]\n«uart = { line = 4 }", "ATL9524", "of kind 'ports', and not 'interrupt'"),
        new(Served + "clients = []\n[[«program]]\nname = \"console\"", "ATL9525", "no [[channel]] has it among its clients"),
        new(Head + "[[«program]]\nname = \"mapper\"", "ATL9525", "[program.regions] has no entry"),
        new(Head + "[[«program]]\n" + Serial["[[program]]\n".Length..], "ATL9525", "no [[channel]] has it as its server"),
        new(Served + "clients = [\"console.serial\", «\"console.serial\"]\n" + Console, "ATL9526", "'console' has channel 1 to serial"),
        new(Served + "clients = []\n[[channel]]\nserver = «\"serial.bytes\"\nclients = []", "ATL9526", "Two channels are served by 'serial.bytes'"),
        new(Served + "clients = [«\"loud.serial\"]\n[[program]]\nname = \"loud\"\n", "ATL9527", "version 2 (services/loud/program.toml), and 'serial' serves 'serial' version 1"),
        new(Head + Console + "[[channel]]\nserver = \"init\"\nclients = [«\"console.serial\"]", "ATL9527", "'init' serves 'system' version 1"),
        new(Served + "clients = [«\"console.serial\"]\n" + Console + "core = 1", "ATL9528", "'console' runs on core 1, and 'serial' on core 0"),
        new(Served + "clients = [«\"console.serial\"]\n" + Console + "core = \"every\"", "ATL9528", "'console' runs on every core"),
        new(Head + Plain("core = 1\nfaults_to = «\"watcher\"") + "[[program]]\nname = \"watcher\"", "ATL9528", "hears of its faults"),
        new(Head + "[[«program]]\nname = \"meter\"", "ATL9529", "'allow' does not list \"figures\""),
        new(Head + Plain("allow = [«\"machine\"]"), "ATL9530", "'plain' has no need of kind 'machine'"),
        new(Head + Plain("budget_us = «100"), "ATL9531", "no 'period_us'"),
        new(Head + Plain("period_us = «100"), "ATL9531", "no 'budget_us'"),
        new(Head + Plain("budget_us = «200\nperiod_us = 100"), "ATL9531", "longer than its period"),

        // Devices and regions.
        new(Served.Replace("uart = { first = 0x3F8, last = 0x3FF }", "«uart = { first = 0x3F8, last = 0x3FE }", StringComparison.Ordinal) + "clients = []", "ATL9532", "7 ports are given to 'serial'"),
        new(Head + "[[program]]\nname = \"serial\"\n[program.ports]\nuart = { first = 8, last = «7 }", "ATL9532", "lies before the first"),
        new(Twice("«uart", "uart-line", "0x3F4", 5), "ATL9533", "'serial' has it too"),
        new(Twice("uart", "«uart-line", "0x2F8", 4), "ATL9533", "cannot have line 4: 'serial' has it too"),
        new(Head + Mapper("0x10000000").Replace("region = \"frames\"", "region = «\"farmes\"", StringComparison.Ordinal) + "[[program]]\nname = \"other\"\nimage = \"mapper\"\n[program.regions]\nshared = { region = \"frames\", at = 0x10000000 }\n" + Frames, "ATL9534", "did you mean 'frames'?"),
        new(Head + Plain("") + Frames.Replace("[[region", "[[«region", StringComparison.Ordinal), "ATL9535", "No program maps the region 'frames'"),
        new(Head + Mapper("0x10000000").Replace("region = \"", "region = «\"", StringComparison.Ordinal) + Frames.Replace("64", "32", StringComparison.Ordinal), "ATL9536", "has 32 KiB, and 'mapper' needs 64"),
        new(Head + Mapper("«0x10000800") + Frames, "ATL9537", "no multiple of 0x1000"),
        new(Head + Mapper("«0") + Frames, "ATL9537", "does not lie in 0x1000"),
        new(Head + Mapper("«0x7FFFFFFFE000") + Frames, "ATL9537", "does not lie in"),
        new(Head + Mapper("«0x401000") + Frames, "ATL9537", "lies on the image"),
        new(Head + Mapper("«0x37F000") + Frames, "ATL9537", "lies on the stack"),
        new(Head + Mapper("«0x200000") + Frames, "ATL9537", "lies on the page of information"),
        new(Head + Mapper("0x10000000") + "[[program]]\nname = \"other\"\nimage = \"mapper\"\ncore = 1\n[program.regions]\n«shared = { region = \"frames\", at = 0x10000000 }\n" + Frames, "ATL9528", "which has the region too"),

        // Channels of rings.
        new(Head + Ringers("") + "[[channel]]\nends = «[\"ringer.line\"]", "ATL9505", "has two ends, and not 1"),
        new(Head + Ringers("") + "[[channel]]\nends = [\"ringer.line\", \"second.line\"]\n«server = \"init\"", "ATL9502", "server"),
        new(Head + Ringers("") + "[[channel]]\nends = [«\"ringer.line\", \"init\"]", "ATL9527", "and Init 'stops' version 1"),
        new(Head + Heard + "[[channel]]\nends = [«\"init\", \"init\"]", "ATL9526", "one end of one channel of rings"),
        new(Head + Heard + Heard.Replace("hearer", "other", StringComparison.Ordinal).Replace("other\"", "other\"\nimage = \"hearer\"", StringComparison.Ordinal)
            + "[[channel]]\nends = [\"hearer.stops\", \"init\"]\n[[channel]]\nends = [\"other.stops\", «\"init\"]", "ATL9526", "one end of one channel of rings"),
        new(Head + Heard + "[[channel]]\nends = [\"hearer.stops[1-3]\", «\"init\"]", "ATL9528", "Init runs on every core"),
        new(Head + Heard + "core = \"every\"\n[[channel]]\nends = [\"hearer.stops\", «\"init\"]", "ATL9528", "Init runs on every core"),
        new(Head + Heard.Replace("hearer\"", "one\"\nimage = \"one-hearer\"", StringComparison.Ordinal) + "[[channel]]\nends = [\"one.stops\", «\"init\"]", "ATL9528", "a need with a count"),
        new(Head + Ringers("") + "[[channel]]\nends = [\"ringer.line\", «\"secnd.line\"]", "ATL9522", "did you mean 'second'?"),
        new(Head + Ringers("") + "[[channel]]\nends = [\"ringer.line\", «\"second.lin\"]", "ATL9523", "did you mean 'line'?"),
        new(Head + Ringers("") + Console + "[[channel]]\nends = [\"ringer.line\", «\"console.serial\"]", "ATL9524", "is of kind 'call', and not 'channel'"),
        new(Head + Ringers("core = \"every\"") + "[[channel]]\nends = [\"ringer.line\", «\"second.line\"]", "ATL9528", "'second' runs on every core"),
        new(Throngs + Ringers("core = \"every\"").Replace("second", "third", StringComparison.Ordinal) + "[[channel]]\nends = [\"throng.lines[0-3]\", «\"third.line\"]", "ATL9528", "end 0 to core 0 and so on"),
        new(Head + Ringers("").Replace("image = \"ringer\"", "image = \"singer\"", StringComparison.Ordinal) + "[[channel]]\nends = [\"ringer.line\", «\"second.line\"]", "ATL9527", "speaks 'numbers' version 1"),
        new(Head + Ringers("") + TwiceJoined, "ATL9526", "has channel of rings 1"),
        new(Head + "[[«program]]\nname = \"ringer\"", "ATL9525", "no [[channel]] has it among its ends"),
        new(Head + Ringers("") + "[[channel]]\nends = [\"second.line\", \"ring-mapper.line\"]\n" + Mapper("«0x210000").Replace("\"mapper\"", "\"ring-mapper\"", StringComparison.Ordinal) + Frames, "ATL9537", "lies on the rings of channels"),

        // Many channels.
        new(Throngs + "[[channel]]\nends = [\"throng.lines[0-9]\", «\"second.lines[0-10]\"]", "ATL9505", "'throng.lines[0-9]' has 10 ends, and 'second.lines[0-10]' 11"),
        new(Throngs + "[[channel]]\nends = [\"throng.lines[0-9]\", «\"second.lines[5-4]\"]", "ATL9505", "the last lies before the first"),
        new(Throngs + "[[channel]]\nends = [\"throng.lines[0-9]\", «\"second.lines[391-400]\"]", "ATL9546", "the ends 0 to 399"),
        new(Throngs + "[[channel]]\nends = [\"throng.lines[0-9]\", «\"second.lines[0-x]\"]", "ATL9523", "no need 'lines[0-x]'"),
        new(Throngs + Ringers("").Replace("second", "third", StringComparison.Ordinal) + "[[channel]]\nends = [\"throng.lines[0-3]\", «\"ringer.line[0-3]\"]", "ATL9546", "one end, without a number"),
        new(Throngs + "[[channel]]\nends = [\"throng.lines[0-9]\", \"second.lines[0-9]\"]\n[[channel]]\nends = [\"throng.lines[10-12]\", «\"second.lines[8-10]\"]", "ATL9526", "End 8 of 'second.lines' has a channel of rings to throng"),
        new(Throngs + "[[channel]]\nends = [\"throng.lines[0-9]\", «\"second.lines[1-10]\"]", "ATL9525", "joins end 0 of 'second.lines'"),
        new(Throngs + "[[program]]\nname = \"two-throngs\"\n[[channel]]\nends = [\"two-throngs.lines\", \"throng.lines[0-8]\"]\n[[channel]]\nends = [«\"two-throngs.others\", \"second.lines[0-8]\"]", "ATL9540", "more than one need of many channels"),
        new("«" + Throngs + "[[channel]]\nends = [\"throng.lines\", \"second.lines\"]", "ATL9540", "400 ends of channels of rings, of at most 128"),
        new(Throngs + "[[channel]]\nends = [\"throng.lines[0-399]\", \"throng-mapper.lines\"]\n" + Mapper("«0x40001000").Replace("\"mapper\"", "\"throng-mapper\"", StringComparison.Ordinal) + Frames, "ATL9537", "lies on the rings of many channels"),

        // Devices of the bus, and frames of regions.
        new(Bus("") + Driver("nic = { vendor = «0, device = 1 }"), "ATL9505", "1 to 65534"),
        new(Bus("") + Driver("nic = { vendor = 1, device = «65536 }"), "ATL9505", "0 to 65535"),
        new(Bus("") + Driver("nic = «{ vendor = 1 }"), "ATL9503", "has no 'device'"),
        new(Bus("") + Driver("nic = { vendor = 1, device = 2, «wich = 1 }"), "ATL9502", "did you mean 'which'?"),
        new(Bus("") + Driver("«nick = { vendor = 1, device = 2 }"), "ATL9523", "did you mean 'nic'?"),
        new(Bus("") + "[[«program]]\nname = \"driver\"", "ATL9525", "[program.devices] has no entry"),
        new(Bus("") + Driver("nic = { vendor = 1, device = 2 }") + Driver("«nic = { vendor = 1, device = 2 }", "second", "driver"), "ATL9533", "'driver' has it too"),
        new(Bus("") + Driver("«nic = { vendor = 1, device = 2 }", "new-driver", "new-driver"), "ATL9527", "speaks 'pci' version 2"),
        new(Bus("") + Driver("«nic = { vendor = 1, device = 2 }", "driver", "driver", "core = 1\n"), "ATL9528", "'driver' runs on core 1, and 'bus', which hands devices out"),
        new(Bus("core = 1\n").Replace("[[program]]", "[[«program]]", StringComparison.Ordinal), "ATL9528", "devices are handed to core 0"),
        new(Bus("") + "[[«program]]\nname = \"second\"\nimage = \"bus\"\nallow = [\"devices\"]\n[[channel]]\nserver = \"second.drivers\"\nclients = []", "ATL9533", "cannot have all devices"),
        new(Head + "[[«program]]\nname = \"bus\"\n[[channel]]\nserver = \"bus.drivers\"\nclients = []", "ATL9529", "'allow' does not list \"devices\""),
        new(Head + Driver("«nic = { vendor = 1, device = 2 }"), "ATL9547", "no program of the system has a need of kind 'devices'"),
        new(Head + Teller("where = { region = «\"farmes\" }") + Mapper("0x10000000") + Frames, "ATL9534", "did you mean 'frames'?"),
        new(Head + Teller("where = { region = «\"frames\" }") + Frames.Replace("64", "32", StringComparison.Ordinal), "ATL9536", "has 32 KiB, and 'teller' needs 64"),
        new(Head + Teller("«were = { region = \"frames\" }") + Mapper("0x10000000") + Frames, "ATL9523", "did you mean 'where'?"),
        new(Head + "[[«program]]\nname = \"teller\"\nallow = [\"figures\"]", "ATL9525", "[program.frames] has no entry"),
        new(Head + "[[«program]]\n" + Teller("where = { region = \"frames\" }")["[[program]]\n".Length..] + Frames.Replace("64", "512", StringComparison.Ordinal), "ATL9540", "needs 137 slots of its CNode"),
        new(Head + Mapper("«0x3C0000") + Frames, "ATL9537", "lies on the window"),

        // Deaths.
        new(Head + Ringers("").Replace("[[program]]\nname = \"ringer\"", "[[«program]]\nname = \"ringing-mourner\"", StringComparison.Ordinal) + "[[channel]]\nends = [\"ringing-mourner.line\", \"second.line\"]", "ATL9548", "has 'dead', of kind 'deaths', and 'line', of kind 'channel'"),
        new(Head + "[[«program]]\nname = \"waking-mourner\"\n[program.interrupts]\nuart-line = { line = 4 }", "ATL9548", "and 'uart-line', of kind 'interrupt'"),

        // Room.
        new(Head + "[[program]]\nname = \"hoarder\"\nmemory_kib = «64", "ATL9538", "'hoarder' gets 64 KiB, and needs 8192, so 8192"),
        new("«description = \"d\"\n[[program]]\nname = \"hoarder\"", "ATL9539", "On core 0 programs need 8192 KiB"),
        new("«description = \"d\"\n" + Many(49), "ATL9540", "49 programs, of at most 48"),
        new(Head + "[[«program]]\nname = \"crowd\"", "ATL9540", "needs 147 slots of its CNode, replies included, of at most 128"),
        new("«" + Head + Mapper("0x10000000") + Frames.Replace("64", "1024", StringComparison.Ordinal), "ATL9540", "The regions have 256 pages"),
        new(Head + Plain($"arguments = «\"{new string('a', 177)}\""), "ATL9541", "177 bytes, of at most 176"),
        new(Head + Plain("restarts = «3"), "ATL9543", "the program is never restarted"),
        new(Head + Plain("restart = \"never\"\nrestart_window_s = «3"), "ATL9543", "there is 'restart_window_s'"),
        new(Head + Plain("faults_to = «\"meek\"") + "[[program]]\nname = \"meek\"\nimage = \"plain\"", "ATL9544", "'meek', which has no need of kind 'faults'"),
        new(Head + "[[program]]\nname = \"watcher\"\nfaults_to = «\"watcher\"", "ATL9544", "go to itself"),
        new(Head + Plain("core = «2"), "ATL9545", "core 2, and the system asks for 2 cores"),
        new(Head + Plain("") + "[[channel]]\nserver = «\"plain\"\nclients = []", "ATL9546", "'plain' names no end of a channel"),
        new(Head + Plain("") + "[[channel]]\nserver = \"init\"\nclients = [«\"init\"]", "ATL9546", "Init calls nobody"),
        new(Head + Plain("") + "[[channel]]\nserver = \"init\"\nclients = [«\"a.b.c\"]", "ATL9546", "'a.b.c'"),
    ];

    private static string Plain(string more) => $"[[program]]\nname = \"plain\"\n{more}\n";

    private static string Ringers(string more) => $"[[program]]\nname = \"ringer\"\n[[program]]\nname = \"second\"\nimage = \"ringer\"\n{(more.Length == 0 ? "core = 1" : more)}\n";

    private static string Throngs => $"{Head}[[program]]\nname = \"throng\"\n[[program]]\nname = \"second\"\nimage = \"throng\"\ncore = 1\n";

    private static string Meter(string more) => $"[[program]]\nname = \"meter\"\n{more}\n";

    private static string Bus(string more) =>
        $"{Head}[[program]]\nname = \"bus\"\nallow = [\"devices\"]\n{more}[[channel]]\nserver = \"bus.drivers\"\nclients = []\n";

    private static string Driver(string nic, string name = "driver", string image = "driver", string more = "") =>
        $"[[program]]\nname = \"{name}\"\nimage = \"{image}\"\n{more}[program.devices]\n{nic}\n";

    private static string Teller(string where) => $"[[program]]\nname = \"teller\"\nallow = [\"figures\"]\n[program.frames]\n{where}\n";

    private static string Mapper(string at) =>
        $"[[program]]\nname = \"mapper\"\n[program.regions]\nshared = {{ region = \"frames\", at = {at}, rights = \"rw\" }}\n";

    private static string Many(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"[[program]]\nname = \"p{i}\"\nimage = \"plain\"\n"));

    /// <summary>Two drivers for one device.</summary>
    private static string Twice(string uart, string line, string first, int number) =>
        Served + "clients = []\n[[program]]\nname = \"second\"\nimage = \"serial\"\n"
            + $"[program.ports]\n{uart} = {{ first = {first}, last = {first}+7 }}\n".Replace($"{first}+7", $"0x{Convert.ToInt32(first, 16) + 7:x}", StringComparison.Ordinal)
            + $"[program.interrupts]\n{line} = {{ line = {number} }}\n[[channel]]\nserver = \"second.bytes\"\nclients = []\n";
}
