using Atoll.Linker.Trampolines.UserMode;
using Iced.Intel;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>How many instructions there are between ring 3 and C#: the table of docs/system-calls.md.</summary>
public sealed class UserModePathTests
{
    private readonly TrampolineImage _image = new();
    private readonly Dictionary<ulong, Instruction> _code;

    public UserModePathTests()
    {
        string[] fragments =
            ["syscall_entry", "user_switch", "user_run", InterruptOrigin.Symbol, "interrupt_entries"];
        _code = fragments.SelectMany(name => Decoded.Of(_image, name)).ToDictionary(instruction => instruction.IP);
    }

    // Call is the first comparison, ReplyReceive the second.
    [Theory]
    [InlineData("atoll_call", 14, new[] { false })]
    [InlineData("atoll_reply_receive", 17, new[] { true, false })]
    [InlineData("atoll_system_call", 18, new[] { true, true })]
    public void WayIn(string root, int instructions, bool[] jumps)
    {
        List<Instruction> path = Follow(_image["syscall_entry"], jumps);

        Assert.Equal(_image[root], path[^1].NearBranchTarget);
        Assert.Equal(instructions, path.Count);
    }

    [Theory]
    [InlineData("atoll_call", 15, 46)]
    [InlineData("atoll_reply_receive", 15, 46)]
    [InlineData("atoll_system_call", 15, 46)]
    public void WayBack(string root, int same, int other)
    {
        ulong behind = _code.Values.Single(instruction =>
            instruction.Mnemonic == Mnemonic.Call && instruction.NearBranchTarget == _image[root]).NextIP;

        List<Instruction> toSame = Follow(behind, [false, false]);
        // Negative; both bases of FS are 0; in a system call.
        List<Instruction> toOther = Follow(behind, [true, true, false]);

        Assert.Equal((Mnemonic.Sysretq, same), (toSame[^1].Mnemonic, toSame.Count));
        Assert.Equal((Mnemonic.Sysretq, other), (toOther[^1].Mnemonic, toOther.Count));
    }

    [Theory]
    [InlineData(0x20, 39)]
    [InlineData(0xF0, 38)]
    [InlineData(14, 34)]
    public void Interrupt(int vector, int instructions)
    {
        List<Instruction> path = Follow(_image[$"interrupt_entry_{vector}"], [false]);

        Assert.Equal(_image["atoll_user_trap"], path[^1].NearBranchTarget);
        Assert.Equal(instructions, path.Count);

        // Neither negative nor 1; both bases of FS are 0; after an interrupt.
        List<Instruction> back = Follow(path[^1].NextIP, [false, false, true, true]);
        Assert.Equal((Mnemonic.Iretq, 46), (back[^1].Mnemonic, back.Count));
    }

    /// <summary>Instructions up to a call or return; each conditional jump as told.</summary>
    private List<Instruction> Follow(ulong address, IEnumerable<bool> jumps)
    {
        Queue<bool> decisions = new(jumps);
        List<Instruction> path = [];
        while (true)
        {
            Instruction instruction = _code[address];
            path.Add(instruction);
            if (instruction.FlowControl is FlowControl.Call or FlowControl.Return)
            {
                Assert.Empty(decisions);
                return path;
            }

            bool jumpsNow = instruction.FlowControl == FlowControl.UnconditionalBranch
                || (instruction.FlowControl == FlowControl.ConditionalBranch && decisions.Dequeue());
            address = jumpsNow ? instruction.NearBranchTarget : instruction.NextIP;
        }
    }
}
