using System.Reflection;
using System.Text;

namespace Atoll.Contracts.Generator;

/// <summary>Documentation ids of methods, as the compiler writes them (C# specification, "Documentation comments", "ID string format").</summary>
internal static class DocumentationId
{
    /// <summary>The id of a method definition.</summary>
    public static string Of(MethodBase method)
    {
        var text = new StringBuilder("M:");
        AppendType(text, method.DeclaringType!, isDeclaring: true);
        text.Append('.').Append(method.Name.Replace('.', '#'));
        if (method.IsGenericMethodDefinition)
        {
            text.Append("``").Append(method.GetGenericArguments().Length);
        }

        ParameterInfo[] parameters = method.GetParameters();
        if (parameters.Length > 0)
        {
            text.Append('(');
            for (int index = 0; index < parameters.Length; index++)
            {
                text.Append(index > 0 ? "," : "");
                AppendType(text, parameters[index].ParameterType, isDeclaring: false);
            }

            text.Append(')');
        }

        if (method is MethodInfo { Name: "op_Implicit" or "op_Explicit" or "op_CheckedExplicit" } conversion)
        {
            text.Append('~');
            AppendType(text, conversion.ReturnType, isDeclaring: false);
        }

        return text.ToString();
    }

    private static void AppendType(StringBuilder text, Type type, bool isDeclaring)
    {
        if (type.IsGenericParameter)
        {
            text.Append(type.DeclaringMethod is null ? "`" : "``").Append(type.GenericParameterPosition);
        }
        else if (type.HasElementType)
        {
            AppendType(text, type.GetElementType()!, isDeclaring: false);
            text.Append(type.IsByRef ? "@" : type.IsPointer ? "*" : type.IsSZArray ? "[]"
                : "[" + string.Join(',', Enumerable.Repeat("0:", type.GetArrayRank())) + "]");
        }
        else
        {
            AppendName(text, type, isDeclaring);
        }
    }

    private static void AppendName(StringBuilder text, Type type, bool isDeclaring)
    {
        if (type.IsGenericType && !isDeclaring)
        {
            AppendConstructed(text, type);
        }
        else if (type.DeclaringType is { } outer)
        {
            AppendName(text, outer, isDeclaring);
            text.Append('.').Append(type.Name);
        }
        else
        {
            text.Append(type.Namespace is { Length: > 0 } space ? space + "." : "").Append(type.Name);
        }
    }

    // Arguments stand with the type that declares them.
    private static void AppendConstructed(StringBuilder text, Type type)
    {
        Type[] arguments = type.GetGenericArguments();
        List<Type> path = [];
        for (Type? scope = type; scope is not null; scope = scope.DeclaringType)
        {
            path.Insert(0, scope);
        }

        text.Append(type.Namespace is { Length: > 0 } space ? space + "." : "");
        int used = 0;
        for (int index = 0; index < path.Count; index++)
        {
            int arity = path[index].IsGenericType ? path[index].GetGenericArguments().Length : 0;
            string name = path[index].Name;
            int tick = name.IndexOf('`', StringComparison.Ordinal);
            text.Append(index > 0 ? "." : "").Append(tick < 0 ? name : name[..tick]);
            if (arity > used)
            {
                text.Append('{');
                for (int argument = used; argument < arity; argument++)
                {
                    text.Append(argument > used ? "," : "");
                    AppendType(text, arguments[argument], isDeclaring: false);
                }

                text.Append('}');
                used = arity;
            }
        }
    }
}
