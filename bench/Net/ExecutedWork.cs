namespace Atoll.Bench.Net;

/// <summary>What was executed, by who executed it: the kernel, and each program.</summary>
public sealed class ExecutedWork
{
    private const string Kernel = "kernel";
    private const string Others = "others";
    private const ulong FirstOfKernel = 0xFFFF_8000_0000_0000;

    private readonly Dictionary<string, long> _instructions = [];

    private ExecutedWork()
    {
    }

    /// <summary>Instructions of all.</summary>
    public long Total => _instructions.Values.Sum();

    /// <summary>System calls and interrupts.</summary>
    public long KernelEntries { get; private set; }

    /// <summary>Instructions of the kernel (<c>kernel</c>), of a program, or of what none of them can have executed (<c>others</c>).</summary>
    public long Of(string name) => _instructions.GetValueOrDefault(name);

    /// <summary>Counts.</summary>
    /// <param name="executed">Addresses of instructions, in their order.</param>
    /// <param name="isEntry">Whether the kernel is entered at an address.</param>
    /// <param name="programs">Programs that may run.</param>
    public static ExecutedWork Count(IReadOnlyList<ulong> executed, Func<ulong, bool> isEntry, IReadOnlyList<ProgramCode> programs)
    {
        var work = new ExecutedWork();
        List<ulong> run = [];
        for (int i = 0; i < executed.Count; i++)
        {
            // An access of a device is begun twice, and executed once: QEMU ends its block before it (accel/tcg, cpu_io_recompile).
            if (run.Count > 0 && run[^1] == executed[i])
            {
                continue;
            }

            if (run.Count > 0 && IsKernels(run[0]) != IsKernels(executed[i]))
            {
                work.Add(run, programs);
                run.Clear();
            }

            run.Add(executed[i]);
            work.KernelEntries += isEntry(executed[i]) ? 1 : 0;
        }

        work.Add(run, programs);
        return work;
    }

    private void Add(List<ulong> run, IReadOnlyList<ProgramCode> programs)
    {
        if (run.Count > 0)
        {
            string name = IsKernels(run[0]) ? Kernel : programs.FirstOrDefault(program => program.CanRun(run))?.Name ?? Others;
            _instructions[name] = _instructions.GetValueOrDefault(name) + run.Count;
        }
    }

    private static bool IsKernels(ulong address) => address >= FirstOfKernel;
}
