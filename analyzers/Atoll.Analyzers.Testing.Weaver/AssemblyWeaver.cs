using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Atoll.Testing.Weaver;

/// <summary>Puts a probe around the body of each method with a contract.</summary>
internal sealed class AssemblyWeaver
{
    private readonly AssemblyDefinition _assembly;
    private readonly Verdicts _verdicts;
    private readonly MethodReference _enter;
    private readonly MethodReference _leave;
    private readonly TypeReference _frame;

    public AssemblyWeaver(AssemblyDefinition assembly, AssemblyDefinition probes, Verdicts verdicts)
    {
        _assembly = assembly;
        _verdicts = verdicts;
        TypeDefinition probe = probes.MainModule.GetType("Atoll.Testing.ContractProbe");
        _enter = assembly.MainModule.ImportReference(probe.Methods.Single(method => method.Name == "Enter"));
        _leave = assembly.MainModule.ImportReference(probe.Methods.Single(method => method.Name == "Leave"));
        _frame = assembly.MainModule.ImportReference(probes.MainModule.GetType("Atoll.Testing.ProbeFrame"));
    }

    /// <summary>Weaves all methods, and says how many.</summary>
    public int Run()
    {
        int count = 0;
        foreach (MethodDefinition method in _assembly.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).ToList())
        {
            if (Contract.Of(method) is not 0 and var guarantees)
            {
                Weave(method, guarantees, _verdicts.Of(method));
                count++;
            }
        }

        return count;
    }

    // frame = Enter(...); try { body; returned = true; leave } finally { Leave(frame, returned); }
    private void Weave(MethodDefinition method, int guarantees, string verdict)
    {
        MethodBody body = method.Body;
        body.SimplifyMacros();
        body.InitLocals = true;
        ILProcessor il = body.GetILProcessor();
        VariableDefinition frame = Local(body, _frame);
        VariableDefinition returned = Local(body, _assembly.MainModule.TypeSystem.Boolean);
        VariableDefinition? result = method.ReturnType.MetadataType == MetadataType.Void ? null : Local(body, method.ReturnType);

        Instruction first = BodyStart(method);
        Instruction end = result is null ? il.Create(OpCodes.Ret) : il.Create(OpCodes.Ldloc, result);
        foreach (Instruction ret in body.Instructions.Where(one => one.OpCode == OpCodes.Ret).ToList())
        {
            ReplaceReturn(il, ret, end, returned, result);
        }

        Instruction finallyStart = il.Create(OpCodes.Ldloca, frame);
        foreach (Instruction instruction in new[] { finallyStart, il.Create(OpCodes.Ldloc, returned), il.Create(OpCodes.Call, _leave), il.Create(OpCodes.Endfinally), end })
        {
            il.Append(instruction);
        }

        if (result is not null)
        {
            il.Append(il.Create(OpCodes.Ret));
        }

        foreach (Instruction instruction in new[]
        {
            il.Create(OpCodes.Ldstr, Name(method)), il.Create(OpCodes.Ldc_I4, guarantees), il.Create(OpCodes.Ldstr, verdict),
            il.Create(OpCodes.Call, _enter), il.Create(OpCodes.Stloc, frame),
        })
        {
            il.InsertBefore(first, instruction);
        }

        body.ExceptionHandlers.Add(new ExceptionHandler(ExceptionHandlerType.Finally)
        {
            TryStart = first,
            TryEnd = finallyStart,
            HandlerStart = finallyStart,
            HandlerEnd = end,
        });
        body.OptimizeMacros();
    }

    // The instruction stays, because others may branch to it; it becomes the first of the replacement.
    private static void ReplaceReturn(ILProcessor il, Instruction ret, Instruction end, VariableDefinition returned, VariableDefinition? result)
    {
        Instruction leave = il.Create(OpCodes.Leave, end);
        il.InsertAfter(ret, leave);
        il.InsertBefore(leave, il.Create(OpCodes.Ldc_I4_1));
        il.InsertBefore(leave, il.Create(OpCodes.Stloc, returned));
        if (result is null)
        {
            ret.OpCode = OpCodes.Nop;
        }
        else
        {
            ret.OpCode = OpCodes.Stloc;
            ret.Operand = result;
        }
    }

    // A constructor calls its base before anything is measured: 'this' must not be passed into a try block before.
    private static Instruction BodyStart(MethodDefinition method)
    {
        Instruction first = method.Body.Instructions[0];
        if (!method.IsConstructor || method.IsStatic)
        {
            return first;
        }

        // A field of a struct type can be initialised before, by a call of a constructor too.
        TypeReference? parent = method.DeclaringType.BaseType;
        Instruction? call = method.Body.Instructions.FirstOrDefault(one => one.OpCode == OpCodes.Call && one.Operand is MethodReference { Name: ".ctor" } constructor
            && (constructor.DeclaringType.FullName == method.DeclaringType.FullName || constructor.DeclaringType.FullName == parent?.FullName
                || constructor.DeclaringType.GetElementType().FullName == method.DeclaringType.FullName));
        return call?.Next ?? first;
    }

    private static VariableDefinition Local(MethodBody body, TypeReference type)
    {
        var local = new VariableDefinition(type);
        body.Variables.Add(local);
        return local;
    }

    private static string Name(MethodDefinition method) =>
        $"{method.DeclaringType.FullName.Replace('/', '.')}.{method.Name}({string.Join(", ", method.Parameters.Select(parameter => parameter.ParameterType.Name))})";
}
