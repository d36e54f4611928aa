using System.Globalization;
using System.Text.RegularExpressions;

namespace Atoll.TestVm.Isolation;

/// <summary>Control registers of one virtual CPU.</summary>
public sealed partial record CpuRegisters(int Index, ulong Cr0, ulong Cr3, ulong Efer)
{
    private const ulong WriteProtect = 1 << 16;
    private const ulong Paging = 1UL << 31;
    private const ulong NoExecuteEnable = 1 << 11;

    /// <summary>Whether the CPU obeys read-only and no-execute in kernel mode (Intel SDM Vol. 3A, "Control Registers").</summary>
    public bool EnforcesRights =>
        (Cr0 & (WriteProtect | Paging)) == (WriteProtect | Paging) && (Efer & NoExecuteEnable) != 0;

    /// <summary>Reads what QEMU's monitor prints for <c>info registers -a</c>.</summary>
    public static IReadOnlyList<CpuRegisters> Parse(string monitorText)
    {
        List<CpuRegisters> cpus = [];
        foreach (string part in CpuHeader().Split(monitorText).Skip(1).Chunk(2).Select(pair => string.Join('\n', pair)))
        {
            string index = part[..part.IndexOf('\n')];
            cpus.Add(new CpuRegisters(
                int.Parse(index, CultureInfo.InvariantCulture), Register(part, "CR0"), Register(part, "CR3"), Register(part, "EFER")));
        }

        return cpus;
    }

    private static ulong Register(string text, string name)
    {
        Match match = Regex.Match(text, $@"\b{name}=\s*([0-9a-fA-F]+)");
        return match.Success ? ulong.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"CPU#(\d+)")]
    private static partial Regex CpuHeader();
}
