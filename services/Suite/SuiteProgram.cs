using System.Runtime;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Tests of the kernel from ring 3, as the first and only program of each instance (docs/testing.md, "The suite").</summary>
public static class SuiteProgram
{
    private const ulong TurnLookMicroseconds = 2000;
    private const int TurnLooksMax = 1_000_000;

    [RuntimeExport("atoll_program_main")]
    private static void Main(ulong role, ulong argument)
    {
        if (role != (ulong)Role.Suite)
        {
            Worker.Live((Role)role, argument);
            return;
        }

        Report.Begin();
        Setting setting = Setting.Begin();
        AwaitTurn(in setting);
        uint failed = RunAll(in setting);
        bool isLast = setting.Core + 1 >= setting.Cores || setting.Core + 1 >= Report.CoresMax;
        if (isLast)
        {
            Report.End(passed: failed == 0 && !Report.HasFailed(setting.Core));
        }

        Report.Pass(setting.Core, failed != 0);
        Rest(in setting);
    }

    private static uint RunAll(in Setting setting)
    {
        uint allFailed = 0;
        for (uint group = 0; group < Catalog.Count; group++)
        {
            uint failed = 0;
            for (uint number = 0; number < Catalog.CountOf(group); number++)
            {
                failed += Passes(in setting, group, number) ? 0u : 1;
            }

            Report.Sum(setting.Core, Catalog.NameOf(group), Catalog.CountOf(group) - failed, failed);
            allFailed += failed;
        }

        return allFailed;
    }

    private static bool Passes(in Setting setting, uint group, uint number)
    {
        Test test = new(in setting, Catalog.NameOf(group));
        Catalog.Run(group, number, ref test);
        test.End();
        Report.Tell(in test);
        return !test.HasFailed;
    }

    // The cores before this one come first: their lines, and with them their tests.
    private static void AwaitTurn(in Setting setting)
    {
        for (int look = 0; look < TurnLooksMax && !Report.IsTurnOf(setting.Core); look++)
        {
            Sleep(in setting);
        }
    }

    private static void Rest(in Setting setting)
    {
        while (true)
        {
            Sleep(in setting);
        }
    }

    private static void Sleep(in Setting setting) => _ = Ipc.Receive(
        setting.Quiet, 0, out _, SystemCallFlags.HasDeadline, Ipc.Now() + (TurnLookMicroseconds * setting.TicksPerMicrosecond));
}
