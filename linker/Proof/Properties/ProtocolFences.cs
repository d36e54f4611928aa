using Atoll.Linker.Proof.Fences;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>The fences that the protocol between cores names are in the code, between the store and the look.</summary>
/// <remarks>
/// A load may overtake an earlier store of the same core, and MFENCE alone forbids it (Intel SDM Vol. 3A, "Memory Ordering in
/// P6 and More Recent Processor Families"). A write that makes the x2APIC send needs MFENCE and LFENCE ("MSR Access in x2APIC
/// Mode"). No test on an emulator sees one missing.
/// </remarks>
public sealed class ProtocolFences
{
    private const string WriteMsr = "x64_write_msr";

    /// <summary>The x2APIC's interrupt command register (Intel SDM Vol. 3A, "x2APIC Register Address Space").</summary>
    private const ulong InterruptCommand = 0x830;

    private readonly ProofContext _proof;

    private readonly FencingCallees _callees;

    private ProtocolFences(ProofContext proof) => (_proof, _callees) = (proof, new FencingCallees(proof));

    /// <summary>Checks.</summary>
    /// <returns>Functions looked at, looks and commands.</returns>
    public static int Check(ProofContext proof)
    {
        ProtocolFences check = new(proof);
        bool hasProtocol = proof.Code.Functions.Any(function => function.Name.StartsWith(FencePoint.Room, StringComparison.Ordinal));
        int looks = FencePoint.All.Sum(point => check.Check(point, hasProtocol && !point.IsOfPrograms));
        return proof.Code.Functions.Count + looks + proof.Code.Functions.Sum(check.CheckCommands);
    }

    private int Check(FencePoint point, bool mustBeThere)
    {
        int looks = 0;
        foreach (CodeFunction function in _proof.Code.Functions.Where(function => function.Bitness == 64))
        {
            if (point.Caller.Length == 0 || FencePoint.Is(function.Name, point.Caller))
            {
                looks += Check(point, function);
            }
        }

        if (looks == 0 && mustBeThere)
        {
            _proof.Report(
                ProofDiagnostics.Fence,
                $"The step '{point.Step}' is nowhere in the image: no '{point.Caller}' leads to '{point.Callee}'.");
        }

        return looks;
    }

    private int Check(FencePoint point, CodeFunction function)
    {
        int[] looks = [.. Enumerable.Range(0, function.Instructions.Length).Where(index => IsLook(point, function, index))];
        if (looks.Length == 0)
        {
            return 0;
        }

        if (FollowOrReport(function, point.CallerHasStored) is not { } states)
        {
            return looks.Length;
        }

        foreach (int look in looks)
        {
            bool isGood = states[look].All(state => point.MayStoreBetween ? state.WasFenced : state.IsFenced);
            if (!isGood)
            {
                Instruction instruction = function.Instructions[look];
                _proof.Report(
                    ProofDiagnostics.Fence,
                    function,
                    instruction.IP,
                    $"is '{instruction}' of the step '{point.Step}', and a path leads there without an MFENCE behind the store");
            }
        }

        return looks.Length;
    }

    private ILookup<int, FenceState>? FollowOrReport(CodeFunction function, bool hasStored)
    {
        ILookup<int, FenceState>? states = FenceWalk.Run(_proof, function, hasStored, _callees);
        if (states is null)
        {
            _proof.Report(ProofDiagnostics.Fence, function, function.Address, "has too many paths to be followed");
        }

        return states;
    }

    private bool IsLook(FencePoint point, CodeFunction function, int index)
    {
        Instruction instruction = function.Instructions[index];
        if (point.Callee.Length > 0)
        {
            bool isBranch = instruction.Op0Kind == OpKind.NearBranch64;
            return isBranch && _proof.Code.StartingAt(instruction.NearBranchTarget) is { } callee && callee != function
                && FencePoint.Is(callee.Name, point.Callee);
        }

        return TestsLowestBit(instruction, out bool isOfMemory)
            && (isOfMemory || (index > 0 && Loads(function.Instructions[index - 1], instruction.Op0Register)));
    }

    private static bool TestsLowestBit(in Instruction instruction, out bool isOfMemory)
    {
        isOfMemory = instruction.Op0Kind == OpKind.Memory;
        return instruction.Mnemonic == Mnemonic.Test && instruction.HasImmediate(1) && instruction.GetImmediate(1) == 1;
    }

    private static bool Loads(in Instruction instruction, Register register) =>
        instruction.Mnemonic == Mnemonic.Mov && instruction.Op1Kind == OpKind.Memory
        && instruction.Op0Kind == OpKind.Register && instruction.Op0Register.GetFullRegister() == register.GetFullRegister();

    /// <summary>Whoever tells the x2APIC to send does so behind both fences.</summary>
    /// <remarks>Where the mode is asked for twice, the compiler leaves a second write that no core reaches: on its paths xAPIC's registers were written.</remarks>
    private int CheckCommands(CodeFunction function)
    {
        bool mayCommand = false;
        foreach (ref readonly Instruction instruction in function.Instructions)
        {
            mayCommand |= instruction.Mnemonic == Mnemonic.Mov && instruction.HasImmediate(1) && instruction.GetImmediate(1) == InterruptCommand;
        }

        if (!mayCommand || FollowOrReport(function, hasStored: true) is not { } states)
        {
            return 0;
        }

        int[] commands =
        [
            .. Enumerable.Range(0, function.Instructions.Length).Where(index =>
                _proof.Code.StartingAt(function.Instructions[index].NearBranchTarget)?.Name == WriteMsr
                && states[index].Any(state => state.Constants.ValueOf(Register.RDI) == InterruptCommand)),
        ];
        foreach (int command in commands)
        {
            bool isGood = states[command].All(state => state.IsXApic || state.Barrier == FenceState.BothBarriers);
            if (!isGood)
            {
                _proof.Report(
                    ProofDiagnostics.Fence,
                    function,
                    function.Instructions[command].IP,
                    "tells the x2APIC to send without MFENCE and LFENCE behind the last store");
            }
        }

        return commands.Length;
    }
}
