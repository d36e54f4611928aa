using System.Reflection;
using System.Reflection.Emit;

namespace Atoll.Contracts.Generator;

/// <summary>Reads the IL of one method, with the type arguments that it is called with.</summary>
internal sealed class MethodWalk
{
    private readonly Dictionary<MethodBase, bool> _neverReturns = [];

    /// <summary>What the method does by itself, and whom it calls.</summary>
    public MethodFacts Read(MethodBase method)
    {
        if (AssumedMembers.Of(method) is var assumed and not Assumptions.None)
        {
            return MethodFacts.Leaf(default, assumed);
        }

        if (Axioms.Find(method) is { } known)
        {
            return MethodFacts.Leaf(known);
        }

        if (IsTooDeep(method) || method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { Length: > 0 } il)
        {
            return MethodFacts.Leaf(Knowing.Nothing);
        }

        try
        {
            List<Instruction> code = Instruction.Decode(il);
            return new Reading(method, code, new BodyFlow(code, body.ExceptionHandlingClauses, one => NeverReturns(method, one)), this).Run(body);
        }
        catch (Exception error) when (error is System.Security.VerificationException or ArgumentException or BadImageFormatException or TypeLoadException or KeyNotFoundException or NotSupportedException or FileNotFoundException)
        {
            return MethodFacts.Leaf(Knowing.Nothing);
        }
    }

    // Generic code that instantiates itself with ever deeper types has no end.
    private static bool IsTooDeep(MethodBase method) => (method.DeclaringType?.ToString().Length ?? 0) + method.ToString()!.Length > 2000;

    private bool NeverReturns(MethodBase caller, Instruction call)
    {
        if (call.Code != OpCodes.Call && call.Code != OpCodes.Callvirt || Resolve(caller, call) is not { } callee)
        {
            return false;
        }

        if (_neverReturns.TryGetValue(callee, out bool answer))
        {
            return answer;
        }

        _neverReturns[callee] = false;
        answer = !callee.IsAbstract && !Axioms.IsKnownToCompiler(callee) && IsOnlyThrow(callee);
        _neverReturns[callee] = answer;
        return answer;
    }

    private bool IsOnlyThrow(MethodBase method)
    {
        if (method.CustomAttributes.Any(one => one.AttributeType.Name == "DoesNotReturnAttribute"))
        {
            return true;
        }

        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { Length: > 0 and < 400 } il)
        {
            return false;
        }

        List<Instruction> code = Instruction.Decode(il);
        return !code.Any(one => one.Code == OpCodes.Ret) || !new BodyFlow(code, body.ExceptionHandlingClauses, one => NeverReturns(method, one)).Returns(0);
    }

    /// <summary>The method that an instruction names, or null.</summary>
    public static MethodBase? Resolve(MethodBase caller, Instruction instruction)
    {
        try
        {
            return caller.Module.ResolveMethod((int)instruction.Operand, Axioms.TypeArguments(caller), Axioms.MethodArguments(caller));
        }
        catch (Exception error) when (error is System.Security.VerificationException or ArgumentException or BadImageFormatException or MissingMethodException or TypeLoadException)
        {
            return null;
        }
    }

    private sealed class Reading(MethodBase method, List<Instruction> code, BodyFlow flow, MethodWalk walk)
    {
        private readonly List<CallEdge> _calls = [];
        private Knowing _own;
        private readonly OnceRegions _once = new(method, code);
        private Assumptions _assumed;

        public MethodFacts Run(MethodBody body)
        {
            if (body.ExceptionHandlingClauses.Any(clause => clause.Flags is ExceptionHandlingClauseOptions.Clause or ExceptionHandlingClauseOptions.Filter))
            {
                _own = _own with { G = Knowledge.Unknown };
            }

            for (int index = 0; index < code.Count; index++)
            {
                Read(index);
            }

            return new MethodFacts(_own, _calls, _assumed);
        }

        private void Read(int index)
        {
            Instruction instruction = code[index];
            OpCode op = instruction.Code;
            bool isOnTheWayOut = !flow.Returns(index) || _once.Contains(index);
            if (op == OpCodes.Throw || op == OpCodes.Rethrow)
            {
                _own = _own with { T = Knowledge.Broken };
            }
            else if (op == OpCodes.Newarr && !isOnTheWayOut)
            {
                Allocates(index);
            }
            else if (op == OpCodes.Box && !isOnTheWayOut)
            {
                ReadBox(index);
            }
            else if (op == OpCodes.Newobj)
            {
                ReadNew(index, isOnTheWayOut);
            }
            else if (op == OpCodes.Call || op == OpCodes.Callvirt)
            {
                ReadCall(index, isOnTheWayOut);
            }
            else if (op == OpCodes.Calli)
            {
                _own = _own.Worse(Knowing.Nothing);
            }
            else if (MayTrap(index))
            {
                _own = _own with { T = Knowledge.Broken };
            }
        }

        // Created once and kept: ... dup, stsfld.
        private void Allocates(int index)
        {
            bool isKept = index + 2 < code.Count && code[index + 1].Code == OpCodes.Dup && code[index + 2].Code == OpCodes.Stsfld;
            if (!isKept)
            {
                _own = _own with { G = Knowledge.Broken };
            }
        }

        // The JIT makes no object where the next instruction takes it apart again.
        private void ReadBox(int index)
        {
            Type? type = Type(code[index]);
            if (type is { IsValueType: false, IsGenericParameter: false })
            {
                return;
            }

            OpCode next = index + 1 < code.Count ? code[index + 1].Code : OpCodes.Nop;
            bool isTest = next == OpCodes.Brtrue || next == OpCodes.Brtrue_S || next == OpCodes.Brfalse || next == OpCodes.Brfalse_S
                || next == OpCodes.Unbox_Any || next == OpCodes.Isinst || next == OpCodes.Ldnull;
            if (!isTest)
            {
                _own = _own with { G = type is { IsGenericParameter: true } ? (Knowledge)Math.Max((int)_own.G, (int)Knowledge.Unknown) : Knowledge.Broken };
            }
        }

        private void ReadNew(int index, bool isOnTheWayOut)
        {
            if (Resolve(method, code[index]) is not { } constructor)
            {
                _own = _own.Worse(Knowing.Nothing);
                return;
            }

            if (constructor.DeclaringType is { IsValueType: false } && !isOnTheWayOut)
            {
                Allocates(index);
            }

            _calls.Add(new CallEdge(constructor, isOnTheWayOut));
        }

        private void ReadCall(int index, bool isOnTheWayOut)
        {
            if (Resolve(method, code[index]) is not { } callee)
            {
                _own = _own.Worse(Knowing.Nothing);
                return;
            }

            Type? constrained = index > 0 && code[index - 1].Code == OpCodes.Constrained ? Type(code[index - 1]) : null;
            Target target = Targets.Find(callee, constrained, code[index].Code == OpCodes.Callvirt);
            Assumptions assumed = target.IsComparer ? Assumptions.Comparer : target.Method is null ? AssumedMembers.Of(callee) : Assumptions.None;
            _assumed |= assumed;
            if (target.Method is { } found)
            {
                _calls.Add(new CallEdge(found, isOnTheWayOut));
            }
            else if (assumed == Assumptions.None)
            {
                _own = _own.Worse(isOnTheWayOut ? Knowing.Nothing.OnTheWayOut() : target.Boxes ? Knowing.Nothing with { G = Knowledge.Broken } : Knowing.Nothing);
            }

            if (walk.NeverReturns(method, code[index]))
            {
                _own = _own with { T = Knowledge.Broken };
            }
        }

        private bool MayTrap(int index)
        {
            string name = code[index].Code.Name!;
            return name.Contains(".ovf", StringComparison.Ordinal) || name is "castclass" or "unbox"
                || name is "div" or "div.un" or "rem" or "rem.un" && !(index > 0 && code[index - 1].Code.Name!.StartsWith("ldc", StringComparison.Ordinal));
        }

        private Type? Type(Instruction instruction)
        {
            try
            {
                return method.Module.ResolveType((int)instruction.Operand, Axioms.TypeArguments(method), Axioms.MethodArguments(method));
            }
            catch (Exception error) when (error is System.Security.VerificationException or ArgumentException or BadImageFormatException or TypeLoadException)
            {
                return null;
            }
        }
    }
}
