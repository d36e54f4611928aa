using System.Reflection;
using System.Reflection.Emit;

namespace Atoll.Contracts.Generator;

/// <summary>Instructions that run until a static field has been filled, and then no more: <c>s_field ?? Fill()</c>.</summary>
/// <remarks>What they do is done once in a process, which does not count. A warm run confirms it.</remarks>
internal sealed class OnceRegions
{
    private readonly MethodBase _method;
    private readonly List<Instruction> _code;
    private readonly bool[] _isOnce;

    public OnceRegions(MethodBase method, List<Instruction> code)
    {
        _method = method;
        _code = code;
        _isOnce = new bool[code.Count];
        for (int index = 0; index < code.Count; index++)
        {
            if (code[index].Code == OpCodes.Ldsfld && FieldOf(method, code[index]) is { } field && BranchAfter(index) is { } branch)
            {
                Mark(branch + 1, code[branch].Targets[0], field);
            }
        }
    }

    /// <summary>Whether the instruction is in such a region.</summary>
    public bool Contains(int index) => _isOnce[index];

    // ldsfld [dup | stloc, ldloc] brtrue
    private int? BranchAfter(int index)
    {
        int next = index + 1;
        if (Named(next, "dup"))
        {
            next++;
        }
        else if (Named(next, "stloc") && Named(next + 1, "ldloc"))
        {
            next += 2;
        }

        return Named(next, "brtrue") && _code[next].Targets[0] > _code[next].Offset ? next : null;
    }

    private bool Named(int index, string name) => index < _code.Count && _code[index].Code.Name!.StartsWith(name, StringComparison.Ordinal);

    private void Mark(int first, int endOffset, FieldInfo field)
    {
        int end = first;
        bool fills = false;
        while (end < _code.Count && _code[end].Offset < endOffset)
        {
            fills |= Fills(_method, _code[end], field) || _code[end].Code == OpCodes.Call && CalleeFills(_code[end], field);
            end++;
        }

        if (fills)
        {
            Array.Fill(_isOnce, true, first, end - first);
        }
    }

    private bool CalleeFills(Instruction call, FieldInfo field) =>
        MethodWalk.Resolve(_method, call) is { IsStatic: true } callee && callee.GetMethodBody()?.GetILAsByteArray() is { } il
        && Instruction.Decode(il).Any(one => Fills(callee, one, field));

    // By its address: Interlocked.CompareExchange(ref s_field, ...).
    private static bool Fills(MethodBase method, Instruction instruction, FieldInfo field) =>
        (instruction.Code == OpCodes.Stsfld || instruction.Code == OpCodes.Ldsflda)
        && FieldOf(method, instruction) is { } filled && filled.MetadataToken == field.MetadataToken && filled.Module == field.Module;

    private static FieldInfo? FieldOf(MethodBase method, Instruction instruction)
    {
        try
        {
            return method.Module.ResolveField((int)instruction.Operand, Axioms.TypeArguments(method), Axioms.MethodArguments(method));
        }
        catch (Exception error) when (error is ArgumentException or BadImageFormatException or TypeLoadException or MissingFieldException)
        {
            return null;
        }
    }
}
