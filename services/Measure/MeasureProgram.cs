using System.Runtime;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Measures the kernel from ring 3, as the first and only program of an instance (docs/benchmarks.md).</summary>
/// <remarks>
/// A figure is guest instructions of the whole path, both sides: the difference of the time-stamp counter around the operation, as the program
/// does it. It holds under instruction counting only, on one core.
/// </remarks>
public static class MeasureProgram
{
    [RuntimeExport("atoll_program_main")]
    private static void Main(ulong first, ulong second)
    {
        if (first != 0)
        {
            Server.Run(first, second);
        }

        Report.Begin();
        Setting setting = Setting.Begin();
        CallFigures.Measure(ref setting);
        SignalFigures.Measure(ref setting);
        FaultFigures.Begin(ref setting);
        CapabilityFigures.Measure(ref setting);
        MemoryFigures.Measure(ref setting);
        StretchFigures.Measure(ref setting);
        Report.End(passed: true);
    }
}
