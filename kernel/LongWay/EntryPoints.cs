using System.Runtime;
using Atoll.Abi;
using Atoll.Boot;

namespace Atoll.LongWay;

/// <summary>Where trampolines enter C# in the image whose system calls all take the long way (docs/image.md, "Profiles").</summary>
public static class EntryPoints
{
    [RuntimeExport("atoll_boot_main")]
    private static void BootMain(ulong startInfo, ulong entryTsc) => Entry.Boot<ProductProfile>(startInfo, entryTsc);

    [RuntimeExport("atoll_instance_main")]
    private static void InstanceMain(ulong entryTsc) => Entry.Instance<ProductProfile>(entryTsc);

    [RuntimeExport("atoll_call")]
    private static ulong Call(
        ulong address, ulong state, ulong number, ulong context, ulong reply, ulong deadline, ulong flags, ulong instructionPointer) =>
        Entry.Call<LongOnly>(address, state, number, context, reply, deadline, flags, instructionPointer);

    [RuntimeExport("atoll_reply_receive")]
    private static ulong ReplyReceive(
        ulong address, ulong state, ulong number, ulong context, ulong reply, ulong deadline, ulong flags, ulong instructionPointer) =>
        Entry.ReplyReceive<LongOnly>(address, state, number, context, reply, deadline, flags, instructionPointer);

    [RuntimeExport("atoll_system_call")]
    private static ulong SystemCall(
        ulong address, ulong state, ulong number, ulong context, ulong reply, ulong deadline, ulong flags, ulong instructionPointer) =>
        Entry.SystemCall<LongOnly>(address, state, number, context, reply, deadline, flags, instructionPointer);

    [RuntimeExport("atoll_user_trap")]
    private static ulong UserTrap() => Entry.UserTrap<LongOnly>();

    [RuntimeExport("atoll_idle")]
    private static void Idle() => Entry.Idle<ProductProfile>();

    [InterruptHandler, InterruptSafe, NoPanic, NoBlock]
    [RuntimeExport("atoll_trap")]
    private static void Trap(ref readonly TrapFrame frame) => Entry.Trap(in frame);
}
