// Written by a program; change that instead: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- .

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>Multiplies positions with a block of packed weights that stay in arguments and locals.</summary>
public static class WeightStationary
{
    /// <summary>Words that the weights of a block take at the beginning of the lanes.</summary>
    public const int Pool = 352;

    /// <summary>Taps of a full block in the shape with many taps.</summary>
    public const int DeepTaps = 48;

    /// <summary>Most groups of three output channels in the shape with many taps.</summary>
    public const int DeepTriples = 6;

    /// <summary>Taps of a full block in the shape with many outputs.</summary>
    public const int WideTaps = 32;

    /// <summary>Most groups of three output channels in the shape with many outputs.</summary>
    public const int WideTriples = 11;

    /// <summary>Taps of a block for what full ones leave.</summary>
    public const int RestTaps = 16;

    /// <summary>Taps of the smallest block.</summary>
    public const int LeastTaps = 12;

    /// <summary>The least number of groups of three output channels, of those that the loops know, that holds some channels; the greatest one where none does.</summary>
    public static int TriplesFor(int channels, int most)
    {
        if (channels <= 9 || most == 3)
            return 3;
        if (channels <= 18 || most == 6)
            return 6;
        if (channels <= 24 || most == 8)
            return 8;
        return 11;
    }

    /// <summary>Adds to the accumulators of every position the products of its activations with the weights in the pool, word <c>triple * taps + tap</c>.</summary>
    /// <param name="arena">Activations.</param>
    /// <param name="lanes">Weights, and accumulators, one for each position and triple.</param>
    /// <param name="taps">Taps of the block.</param>
    /// <param name="triples">Groups of three output channels, of <see cref="TriplesFor"/>.</param>
    /// <param name="row">Where the first position's activations begin.</param>
    /// <param name="step">Bytes from one position to the next, at least 1.</param>
    /// <param name="columns">Positions of a row, at least 1.</param>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="rowStep">Bytes from one row to the next.</param>
    /// <param name="q">Word of the first accumulator.</param>
    public static void Run(sbyte[] arena, long[] lanes, int taps, int triples, int row, int step, int columns, int rows, int rowStep, int q)
    {
        Multiply(
            arena, lanes, taps, triples, row, step, columns, rows, rowStep, q,
            lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5], lanes[6], lanes[7],
            lanes[8], lanes[9], lanes[10], lanes[11], lanes[12], lanes[13], lanes[14], lanes[15],
            lanes[16], lanes[17], lanes[18], lanes[19], lanes[20], lanes[21], lanes[22], lanes[23],
            lanes[24], lanes[25], lanes[26], lanes[27], lanes[28], lanes[29], lanes[30], lanes[31],
            lanes[32], lanes[33], lanes[34], lanes[35], lanes[36], lanes[37], lanes[38], lanes[39],
            lanes[40], lanes[41], lanes[42], lanes[43], lanes[44], lanes[45], lanes[46], lanes[47],
            lanes[48], lanes[49], lanes[50], lanes[51], lanes[52], lanes[53], lanes[54], lanes[55],
            lanes[56], lanes[57], lanes[58], lanes[59], lanes[60], lanes[61], lanes[62], lanes[63],
            lanes[64], lanes[65], lanes[66], lanes[67], lanes[68], lanes[69], lanes[70], lanes[71],
            lanes[72], lanes[73], lanes[74], lanes[75], lanes[76], lanes[77], lanes[78], lanes[79],
            lanes[80], lanes[81], lanes[82], lanes[83], lanes[84], lanes[85], lanes[86], lanes[87],
            lanes[88], lanes[89], lanes[90], lanes[91], lanes[92], lanes[93], lanes[94], lanes[95],
            lanes[96], lanes[97], lanes[98], lanes[99], lanes[100], lanes[101], lanes[102], lanes[103],
            lanes[104], lanes[105], lanes[106], lanes[107], lanes[108], lanes[109], lanes[110], lanes[111],
            lanes[112], lanes[113], lanes[114], lanes[115], lanes[116], lanes[117], lanes[118], lanes[119],
            lanes[120], lanes[121], lanes[122], lanes[123], lanes[124], lanes[125], lanes[126], lanes[127],
            lanes[128], lanes[129], lanes[130], lanes[131], lanes[132], lanes[133], lanes[134], lanes[135],
            lanes[136], lanes[137], lanes[138], lanes[139], lanes[140], lanes[141], lanes[142], lanes[143],
            lanes[144], lanes[145], lanes[146], lanes[147], lanes[148], lanes[149], lanes[150], lanes[151]);
    }

    private static void Multiply(
        sbyte[] arena, long[] lanes, int taps, int triples, int row, int step, int columns, int rows, int rowStep, int q,
        long w0, long w1, long w2, long w3, long w4, long w5, long w6, long w7,
        long w8, long w9, long w10, long w11, long w12, long w13, long w14, long w15,
        long w16, long w17, long w18, long w19, long w20, long w21, long w22, long w23,
        long w24, long w25, long w26, long w27, long w28, long w29, long w30, long w31,
        long w32, long w33, long w34, long w35, long w36, long w37, long w38, long w39,
        long w40, long w41, long w42, long w43, long w44, long w45, long w46, long w47,
        long w48, long w49, long w50, long w51, long w52, long w53, long w54, long w55,
        long w56, long w57, long w58, long w59, long w60, long w61, long w62, long w63,
        long w64, long w65, long w66, long w67, long w68, long w69, long w70, long w71,
        long w72, long w73, long w74, long w75, long w76, long w77, long w78, long w79,
        long w80, long w81, long w82, long w83, long w84, long w85, long w86, long w87,
        long w88, long w89, long w90, long w91, long w92, long w93, long w94, long w95,
        long w96, long w97, long w98, long w99, long w100, long w101, long w102, long w103,
        long w104, long w105, long w106, long w107, long w108, long w109, long w110, long w111,
        long w112, long w113, long w114, long w115, long w116, long w117, long w118, long w119,
        long w120, long w121, long w122, long w123, long w124, long w125, long w126, long w127,
        long w128, long w129, long w130, long w131, long w132, long w133, long w134, long w135,
        long w136, long w137, long w138, long w139, long w140, long w141, long w142, long w143,
        long w144, long w145, long w146, long w147, long w148, long w149, long w150, long w151)
    {
        int p;
        int end;
        long x0, x1, x2, x3, x4, x5, x6, x7,
             x8, x9, x10, x11, x12, x13, x14, x15,
             x16, x17, x18, x19, x20, x21, x22, x23,
             x24, x25, x26, x27, x28, x29, x30, x31,
             x32, x33, x34, x35, x36, x37, x38, x39,
             x40, x41, x42, x43, x44, x45, x46, x47;
        long w152 = lanes[152]; long w153 = lanes[153]; long w154 = lanes[154]; long w155 = lanes[155]; long w156 = lanes[156]; long w157 = lanes[157]; long w158 = lanes[158]; long w159 = lanes[159];
        long w160 = lanes[160]; long w161 = lanes[161]; long w162 = lanes[162]; long w163 = lanes[163]; long w164 = lanes[164]; long w165 = lanes[165]; long w166 = lanes[166]; long w167 = lanes[167];
        long w168 = lanes[168]; long w169 = lanes[169]; long w170 = lanes[170]; long w171 = lanes[171]; long w172 = lanes[172]; long w173 = lanes[173]; long w174 = lanes[174]; long w175 = lanes[175];
        if (taps > 16)
        {
            long w176 = lanes[176]; long w177 = lanes[177]; long w178 = lanes[178]; long w179 = lanes[179]; long w180 = lanes[180]; long w181 = lanes[181]; long w182 = lanes[182]; long w183 = lanes[183];
            long w184 = lanes[184]; long w185 = lanes[185]; long w186 = lanes[186]; long w187 = lanes[187]; long w188 = lanes[188]; long w189 = lanes[189]; long w190 = lanes[190]; long w191 = lanes[191];
            long w192 = lanes[192]; long w193 = lanes[193]; long w194 = lanes[194]; long w195 = lanes[195]; long w196 = lanes[196]; long w197 = lanes[197]; long w198 = lanes[198]; long w199 = lanes[199];
            long w200 = lanes[200]; long w201 = lanes[201]; long w202 = lanes[202]; long w203 = lanes[203]; long w204 = lanes[204]; long w205 = lanes[205]; long w206 = lanes[206]; long w207 = lanes[207];
            long w208 = lanes[208]; long w209 = lanes[209]; long w210 = lanes[210]; long w211 = lanes[211]; long w212 = lanes[212]; long w213 = lanes[213]; long w214 = lanes[214]; long w215 = lanes[215];
            long w216 = lanes[216]; long w217 = lanes[217]; long w218 = lanes[218]; long w219 = lanes[219]; long w220 = lanes[220]; long w221 = lanes[221]; long w222 = lanes[222]; long w223 = lanes[223];
            long w224 = lanes[224]; long w225 = lanes[225]; long w226 = lanes[226]; long w227 = lanes[227]; long w228 = lanes[228]; long w229 = lanes[229]; long w230 = lanes[230]; long w231 = lanes[231];
            long w232 = lanes[232]; long w233 = lanes[233]; long w234 = lanes[234]; long w235 = lanes[235]; long w236 = lanes[236]; long w237 = lanes[237]; long w238 = lanes[238]; long w239 = lanes[239];
            long w240 = lanes[240]; long w241 = lanes[241]; long w242 = lanes[242]; long w243 = lanes[243]; long w244 = lanes[244]; long w245 = lanes[245]; long w246 = lanes[246]; long w247 = lanes[247];
            long w248 = lanes[248]; long w249 = lanes[249]; long w250 = lanes[250]; long w251 = lanes[251]; long w252 = lanes[252]; long w253 = lanes[253]; long w254 = lanes[254]; long w255 = lanes[255];
            long w256 = lanes[256]; long w257 = lanes[257]; long w258 = lanes[258]; long w259 = lanes[259]; long w260 = lanes[260]; long w261 = lanes[261]; long w262 = lanes[262]; long w263 = lanes[263];
            long w264 = lanes[264]; long w265 = lanes[265]; long w266 = lanes[266]; long w267 = lanes[267]; long w268 = lanes[268]; long w269 = lanes[269]; long w270 = lanes[270]; long w271 = lanes[271];
            long w272 = lanes[272]; long w273 = lanes[273]; long w274 = lanes[274]; long w275 = lanes[275]; long w276 = lanes[276]; long w277 = lanes[277]; long w278 = lanes[278]; long w279 = lanes[279];
            long w280 = lanes[280]; long w281 = lanes[281]; long w282 = lanes[282]; long w283 = lanes[283]; long w284 = lanes[284]; long w285 = lanes[285]; long w286 = lanes[286]; long w287 = lanes[287];
            long w288 = lanes[288]; long w289 = lanes[289]; long w290 = lanes[290]; long w291 = lanes[291]; long w292 = lanes[292]; long w293 = lanes[293]; long w294 = lanes[294]; long w295 = lanes[295];
            long w296 = lanes[296]; long w297 = lanes[297]; long w298 = lanes[298]; long w299 = lanes[299]; long w300 = lanes[300]; long w301 = lanes[301]; long w302 = lanes[302]; long w303 = lanes[303];
            long w304 = lanes[304]; long w305 = lanes[305]; long w306 = lanes[306]; long w307 = lanes[307]; long w308 = lanes[308]; long w309 = lanes[309]; long w310 = lanes[310]; long w311 = lanes[311];
            long w312 = lanes[312]; long w313 = lanes[313]; long w314 = lanes[314]; long w315 = lanes[315]; long w316 = lanes[316]; long w317 = lanes[317]; long w318 = lanes[318]; long w319 = lanes[319];
            long w320 = lanes[320]; long w321 = lanes[321]; long w322 = lanes[322]; long w323 = lanes[323]; long w324 = lanes[324]; long w325 = lanes[325]; long w326 = lanes[326]; long w327 = lanes[327];
            long w328 = lanes[328]; long w329 = lanes[329]; long w330 = lanes[330]; long w331 = lanes[331]; long w332 = lanes[332]; long w333 = lanes[333]; long w334 = lanes[334]; long w335 = lanes[335];
            long w336 = lanes[336]; long w337 = lanes[337]; long w338 = lanes[338]; long w339 = lanes[339]; long w340 = lanes[340]; long w341 = lanes[341]; long w342 = lanes[342]; long w343 = lanes[343];
            long w344 = lanes[344]; long w345 = lanes[345]; long w346 = lanes[346]; long w347 = lanes[347]; long w348 = lanes[348]; long w349 = lanes[349]; long w350 = lanes[350]; long w351 = lanes[351];
            if (taps == 48)
            {
                do
                {
                    p = row;
                    end = row + (columns * step);
                    do
                    {
                        x0 = arena[p]; x1 = arena[p + 1]; x2 = arena[p + 2]; x3 = arena[p + 3]; x4 = arena[p + 4]; x5 = arena[p + 5]; x6 = arena[p + 6]; x7 = arena[p + 7];
                        x8 = arena[p + 8]; x9 = arena[p + 9]; x10 = arena[p + 10]; x11 = arena[p + 11]; x12 = arena[p + 12]; x13 = arena[p + 13]; x14 = arena[p + 14]; x15 = arena[p + 15];
                        x16 = arena[p + 16]; x17 = arena[p + 17]; x18 = arena[p + 18]; x19 = arena[p + 19]; x20 = arena[p + 20]; x21 = arena[p + 21]; x22 = arena[p + 22]; x23 = arena[p + 23];
                        x24 = arena[p + 24]; x25 = arena[p + 25]; x26 = arena[p + 26]; x27 = arena[p + 27]; x28 = arena[p + 28]; x29 = arena[p + 29]; x30 = arena[p + 30]; x31 = arena[p + 31];
                        x32 = arena[p + 32]; x33 = arena[p + 33]; x34 = arena[p + 34]; x35 = arena[p + 35]; x36 = arena[p + 36]; x37 = arena[p + 37]; x38 = arena[p + 38]; x39 = arena[p + 39];
                        x40 = arena[p + 40]; x41 = arena[p + 41]; x42 = arena[p + 42]; x43 = arena[p + 43]; x44 = arena[p + 44]; x45 = arena[p + 45]; x46 = arena[p + 46]; x47 = arena[p + 47];
                        lanes[q] += (x0 * w0) + (x1 * w1) + (x2 * w2) + (x3 * w3) + (x4 * w4) + (x5 * w5) + (x6 * w6) + (x7 * w7)
                            + (x8 * w8) + (x9 * w9) + (x10 * w10) + (x11 * w11) + (x12 * w12) + (x13 * w13) + (x14 * w14) + (x15 * w15)
                            + (x16 * w16) + (x17 * w17) + (x18 * w18) + (x19 * w19) + (x20 * w20) + (x21 * w21) + (x22 * w22) + (x23 * w23)
                            + (x24 * w24) + (x25 * w25) + (x26 * w26) + (x27 * w27) + (x28 * w28) + (x29 * w29) + (x30 * w30) + (x31 * w31)
                            + (x32 * w32) + (x33 * w33) + (x34 * w34) + (x35 * w35) + (x36 * w36) + (x37 * w37) + (x38 * w38) + (x39 * w39)
                            + (x40 * w40) + (x41 * w41) + (x42 * w42) + (x43 * w43) + (x44 * w44) + (x45 * w45) + (x46 * w46) + (x47 * w47);
                        lanes[q + 1] += (x0 * w48) + (x1 * w49) + (x2 * w50) + (x3 * w51) + (x4 * w52) + (x5 * w53) + (x6 * w54) + (x7 * w55)
                            + (x8 * w56) + (x9 * w57) + (x10 * w58) + (x11 * w59) + (x12 * w60) + (x13 * w61) + (x14 * w62) + (x15 * w63)
                            + (x16 * w64) + (x17 * w65) + (x18 * w66) + (x19 * w67) + (x20 * w68) + (x21 * w69) + (x22 * w70) + (x23 * w71)
                            + (x24 * w72) + (x25 * w73) + (x26 * w74) + (x27 * w75) + (x28 * w76) + (x29 * w77) + (x30 * w78) + (x31 * w79)
                            + (x32 * w80) + (x33 * w81) + (x34 * w82) + (x35 * w83) + (x36 * w84) + (x37 * w85) + (x38 * w86) + (x39 * w87)
                            + (x40 * w88) + (x41 * w89) + (x42 * w90) + (x43 * w91) + (x44 * w92) + (x45 * w93) + (x46 * w94) + (x47 * w95);
                        lanes[q + 2] += (x0 * w96) + (x1 * w97) + (x2 * w98) + (x3 * w99) + (x4 * w100) + (x5 * w101) + (x6 * w102) + (x7 * w103)
                            + (x8 * w104) + (x9 * w105) + (x10 * w106) + (x11 * w107) + (x12 * w108) + (x13 * w109) + (x14 * w110) + (x15 * w111)
                            + (x16 * w112) + (x17 * w113) + (x18 * w114) + (x19 * w115) + (x20 * w116) + (x21 * w117) + (x22 * w118) + (x23 * w119)
                            + (x24 * w120) + (x25 * w121) + (x26 * w122) + (x27 * w123) + (x28 * w124) + (x29 * w125) + (x30 * w126) + (x31 * w127)
                            + (x32 * w128) + (x33 * w129) + (x34 * w130) + (x35 * w131) + (x36 * w132) + (x37 * w133) + (x38 * w134) + (x39 * w135)
                            + (x40 * w136) + (x41 * w137) + (x42 * w138) + (x43 * w139) + (x44 * w140) + (x45 * w141) + (x46 * w142) + (x47 * w143);
                        if (triples > 3)
                        {
                            lanes[q + 3] += (x0 * w144) + (x1 * w145) + (x2 * w146) + (x3 * w147) + (x4 * w148) + (x5 * w149) + (x6 * w150) + (x7 * w151)
                                + (x8 * w152) + (x9 * w153) + (x10 * w154) + (x11 * w155) + (x12 * w156) + (x13 * w157) + (x14 * w158) + (x15 * w159)
                                + (x16 * w160) + (x17 * w161) + (x18 * w162) + (x19 * w163) + (x20 * w164) + (x21 * w165) + (x22 * w166) + (x23 * w167)
                                + (x24 * w168) + (x25 * w169) + (x26 * w170) + (x27 * w171) + (x28 * w172) + (x29 * w173) + (x30 * w174) + (x31 * w175)
                                + (x32 * w176) + (x33 * w177) + (x34 * w178) + (x35 * w179) + (x36 * w180) + (x37 * w181) + (x38 * w182) + (x39 * w183)
                                + (x40 * w184) + (x41 * w185) + (x42 * w186) + (x43 * w187) + (x44 * w188) + (x45 * w189) + (x46 * w190) + (x47 * w191);
                            lanes[q + 4] += (x0 * w192) + (x1 * w193) + (x2 * w194) + (x3 * w195) + (x4 * w196) + (x5 * w197) + (x6 * w198) + (x7 * w199)
                                + (x8 * w200) + (x9 * w201) + (x10 * w202) + (x11 * w203) + (x12 * w204) + (x13 * w205) + (x14 * w206) + (x15 * w207)
                                + (x16 * w208) + (x17 * w209) + (x18 * w210) + (x19 * w211) + (x20 * w212) + (x21 * w213) + (x22 * w214) + (x23 * w215)
                                + (x24 * w216) + (x25 * w217) + (x26 * w218) + (x27 * w219) + (x28 * w220) + (x29 * w221) + (x30 * w222) + (x31 * w223)
                                + (x32 * w224) + (x33 * w225) + (x34 * w226) + (x35 * w227) + (x36 * w228) + (x37 * w229) + (x38 * w230) + (x39 * w231)
                                + (x40 * w232) + (x41 * w233) + (x42 * w234) + (x43 * w235) + (x44 * w236) + (x45 * w237) + (x46 * w238) + (x47 * w239);
                            lanes[q + 5] += (x0 * w240) + (x1 * w241) + (x2 * w242) + (x3 * w243) + (x4 * w244) + (x5 * w245) + (x6 * w246) + (x7 * w247)
                                + (x8 * w248) + (x9 * w249) + (x10 * w250) + (x11 * w251) + (x12 * w252) + (x13 * w253) + (x14 * w254) + (x15 * w255)
                                + (x16 * w256) + (x17 * w257) + (x18 * w258) + (x19 * w259) + (x20 * w260) + (x21 * w261) + (x22 * w262) + (x23 * w263)
                                + (x24 * w264) + (x25 * w265) + (x26 * w266) + (x27 * w267) + (x28 * w268) + (x29 * w269) + (x30 * w270) + (x31 * w271)
                                + (x32 * w272) + (x33 * w273) + (x34 * w274) + (x35 * w275) + (x36 * w276) + (x37 * w277) + (x38 * w278) + (x39 * w279)
                                + (x40 * w280) + (x41 * w281) + (x42 * w282) + (x43 * w283) + (x44 * w284) + (x45 * w285) + (x46 * w286) + (x47 * w287);
                        }
                        p += step;
                        q += triples;
                    }
                    while (p != end);
                    row += rowStep;
                    rows--;
                }
                while (rows != 0);
            }
            else
            {
                do
                {
                    p = row;
                    end = row + (columns * step);
                    do
                    {
                        x0 = arena[p]; x1 = arena[p + 1]; x2 = arena[p + 2]; x3 = arena[p + 3]; x4 = arena[p + 4]; x5 = arena[p + 5]; x6 = arena[p + 6]; x7 = arena[p + 7];
                        x8 = arena[p + 8]; x9 = arena[p + 9]; x10 = arena[p + 10]; x11 = arena[p + 11]; x12 = arena[p + 12]; x13 = arena[p + 13]; x14 = arena[p + 14]; x15 = arena[p + 15];
                        x16 = arena[p + 16]; x17 = arena[p + 17]; x18 = arena[p + 18]; x19 = arena[p + 19]; x20 = arena[p + 20]; x21 = arena[p + 21]; x22 = arena[p + 22]; x23 = arena[p + 23];
                        x24 = arena[p + 24]; x25 = arena[p + 25]; x26 = arena[p + 26]; x27 = arena[p + 27]; x28 = arena[p + 28]; x29 = arena[p + 29]; x30 = arena[p + 30]; x31 = arena[p + 31];
                        lanes[q] += (x0 * w0) + (x1 * w1) + (x2 * w2) + (x3 * w3) + (x4 * w4) + (x5 * w5) + (x6 * w6) + (x7 * w7)
                            + (x8 * w8) + (x9 * w9) + (x10 * w10) + (x11 * w11) + (x12 * w12) + (x13 * w13) + (x14 * w14) + (x15 * w15)
                            + (x16 * w16) + (x17 * w17) + (x18 * w18) + (x19 * w19) + (x20 * w20) + (x21 * w21) + (x22 * w22) + (x23 * w23)
                            + (x24 * w24) + (x25 * w25) + (x26 * w26) + (x27 * w27) + (x28 * w28) + (x29 * w29) + (x30 * w30) + (x31 * w31);
                        lanes[q + 1] += (x0 * w32) + (x1 * w33) + (x2 * w34) + (x3 * w35) + (x4 * w36) + (x5 * w37) + (x6 * w38) + (x7 * w39)
                            + (x8 * w40) + (x9 * w41) + (x10 * w42) + (x11 * w43) + (x12 * w44) + (x13 * w45) + (x14 * w46) + (x15 * w47)
                            + (x16 * w48) + (x17 * w49) + (x18 * w50) + (x19 * w51) + (x20 * w52) + (x21 * w53) + (x22 * w54) + (x23 * w55)
                            + (x24 * w56) + (x25 * w57) + (x26 * w58) + (x27 * w59) + (x28 * w60) + (x29 * w61) + (x30 * w62) + (x31 * w63);
                        lanes[q + 2] += (x0 * w64) + (x1 * w65) + (x2 * w66) + (x3 * w67) + (x4 * w68) + (x5 * w69) + (x6 * w70) + (x7 * w71)
                            + (x8 * w72) + (x9 * w73) + (x10 * w74) + (x11 * w75) + (x12 * w76) + (x13 * w77) + (x14 * w78) + (x15 * w79)
                            + (x16 * w80) + (x17 * w81) + (x18 * w82) + (x19 * w83) + (x20 * w84) + (x21 * w85) + (x22 * w86) + (x23 * w87)
                            + (x24 * w88) + (x25 * w89) + (x26 * w90) + (x27 * w91) + (x28 * w92) + (x29 * w93) + (x30 * w94) + (x31 * w95);
                        if (triples > 3)
                        {
                            lanes[q + 3] += (x0 * w96) + (x1 * w97) + (x2 * w98) + (x3 * w99) + (x4 * w100) + (x5 * w101) + (x6 * w102) + (x7 * w103)
                                + (x8 * w104) + (x9 * w105) + (x10 * w106) + (x11 * w107) + (x12 * w108) + (x13 * w109) + (x14 * w110) + (x15 * w111)
                                + (x16 * w112) + (x17 * w113) + (x18 * w114) + (x19 * w115) + (x20 * w116) + (x21 * w117) + (x22 * w118) + (x23 * w119)
                                + (x24 * w120) + (x25 * w121) + (x26 * w122) + (x27 * w123) + (x28 * w124) + (x29 * w125) + (x30 * w126) + (x31 * w127);
                            lanes[q + 4] += (x0 * w128) + (x1 * w129) + (x2 * w130) + (x3 * w131) + (x4 * w132) + (x5 * w133) + (x6 * w134) + (x7 * w135)
                                + (x8 * w136) + (x9 * w137) + (x10 * w138) + (x11 * w139) + (x12 * w140) + (x13 * w141) + (x14 * w142) + (x15 * w143)
                                + (x16 * w144) + (x17 * w145) + (x18 * w146) + (x19 * w147) + (x20 * w148) + (x21 * w149) + (x22 * w150) + (x23 * w151)
                                + (x24 * w152) + (x25 * w153) + (x26 * w154) + (x27 * w155) + (x28 * w156) + (x29 * w157) + (x30 * w158) + (x31 * w159);
                            lanes[q + 5] += (x0 * w160) + (x1 * w161) + (x2 * w162) + (x3 * w163) + (x4 * w164) + (x5 * w165) + (x6 * w166) + (x7 * w167)
                                + (x8 * w168) + (x9 * w169) + (x10 * w170) + (x11 * w171) + (x12 * w172) + (x13 * w173) + (x14 * w174) + (x15 * w175)
                                + (x16 * w176) + (x17 * w177) + (x18 * w178) + (x19 * w179) + (x20 * w180) + (x21 * w181) + (x22 * w182) + (x23 * w183)
                                + (x24 * w184) + (x25 * w185) + (x26 * w186) + (x27 * w187) + (x28 * w188) + (x29 * w189) + (x30 * w190) + (x31 * w191);
                            if (triples > 6)
                            {
                                lanes[q + 6] += (x0 * w192) + (x1 * w193) + (x2 * w194) + (x3 * w195) + (x4 * w196) + (x5 * w197) + (x6 * w198) + (x7 * w199)
                                    + (x8 * w200) + (x9 * w201) + (x10 * w202) + (x11 * w203) + (x12 * w204) + (x13 * w205) + (x14 * w206) + (x15 * w207)
                                    + (x16 * w208) + (x17 * w209) + (x18 * w210) + (x19 * w211) + (x20 * w212) + (x21 * w213) + (x22 * w214) + (x23 * w215)
                                    + (x24 * w216) + (x25 * w217) + (x26 * w218) + (x27 * w219) + (x28 * w220) + (x29 * w221) + (x30 * w222) + (x31 * w223);
                                lanes[q + 7] += (x0 * w224) + (x1 * w225) + (x2 * w226) + (x3 * w227) + (x4 * w228) + (x5 * w229) + (x6 * w230) + (x7 * w231)
                                    + (x8 * w232) + (x9 * w233) + (x10 * w234) + (x11 * w235) + (x12 * w236) + (x13 * w237) + (x14 * w238) + (x15 * w239)
                                    + (x16 * w240) + (x17 * w241) + (x18 * w242) + (x19 * w243) + (x20 * w244) + (x21 * w245) + (x22 * w246) + (x23 * w247)
                                    + (x24 * w248) + (x25 * w249) + (x26 * w250) + (x27 * w251) + (x28 * w252) + (x29 * w253) + (x30 * w254) + (x31 * w255);
                                if (triples > 8)
                                {
                                    lanes[q + 8] += (x0 * w256) + (x1 * w257) + (x2 * w258) + (x3 * w259) + (x4 * w260) + (x5 * w261) + (x6 * w262) + (x7 * w263)
                                        + (x8 * w264) + (x9 * w265) + (x10 * w266) + (x11 * w267) + (x12 * w268) + (x13 * w269) + (x14 * w270) + (x15 * w271)
                                        + (x16 * w272) + (x17 * w273) + (x18 * w274) + (x19 * w275) + (x20 * w276) + (x21 * w277) + (x22 * w278) + (x23 * w279)
                                        + (x24 * w280) + (x25 * w281) + (x26 * w282) + (x27 * w283) + (x28 * w284) + (x29 * w285) + (x30 * w286) + (x31 * w287);
                                    lanes[q + 9] += (x0 * w288) + (x1 * w289) + (x2 * w290) + (x3 * w291) + (x4 * w292) + (x5 * w293) + (x6 * w294) + (x7 * w295)
                                        + (x8 * w296) + (x9 * w297) + (x10 * w298) + (x11 * w299) + (x12 * w300) + (x13 * w301) + (x14 * w302) + (x15 * w303)
                                        + (x16 * w304) + (x17 * w305) + (x18 * w306) + (x19 * w307) + (x20 * w308) + (x21 * w309) + (x22 * w310) + (x23 * w311)
                                        + (x24 * w312) + (x25 * w313) + (x26 * w314) + (x27 * w315) + (x28 * w316) + (x29 * w317) + (x30 * w318) + (x31 * w319);
                                    lanes[q + 10] += (x0 * w320) + (x1 * w321) + (x2 * w322) + (x3 * w323) + (x4 * w324) + (x5 * w325) + (x6 * w326) + (x7 * w327)
                                        + (x8 * w328) + (x9 * w329) + (x10 * w330) + (x11 * w331) + (x12 * w332) + (x13 * w333) + (x14 * w334) + (x15 * w335)
                                        + (x16 * w336) + (x17 * w337) + (x18 * w338) + (x19 * w339) + (x20 * w340) + (x21 * w341) + (x22 * w342) + (x23 * w343)
                                        + (x24 * w344) + (x25 * w345) + (x26 * w346) + (x27 * w347) + (x28 * w348) + (x29 * w349) + (x30 * w350) + (x31 * w351);
                                }
                            }
                        }
                        p += step;
                        q += triples;
                    }
                    while (p != end);
                    row += rowStep;
                    rows--;
                }
                while (rows != 0);
            }
        }
        else
        {
            if (taps == 16)
            {
                do
                {
                    p = row;
                    end = row + (columns * step);
                    do
                    {
                        x0 = arena[p]; x1 = arena[p + 1]; x2 = arena[p + 2]; x3 = arena[p + 3]; x4 = arena[p + 4]; x5 = arena[p + 5]; x6 = arena[p + 6]; x7 = arena[p + 7];
                        x8 = arena[p + 8]; x9 = arena[p + 9]; x10 = arena[p + 10]; x11 = arena[p + 11]; x12 = arena[p + 12]; x13 = arena[p + 13]; x14 = arena[p + 14]; x15 = arena[p + 15];
                        lanes[q] += (x0 * w0) + (x1 * w1) + (x2 * w2) + (x3 * w3) + (x4 * w4) + (x5 * w5) + (x6 * w6) + (x7 * w7)
                            + (x8 * w8) + (x9 * w9) + (x10 * w10) + (x11 * w11) + (x12 * w12) + (x13 * w13) + (x14 * w14) + (x15 * w15);
                        lanes[q + 1] += (x0 * w16) + (x1 * w17) + (x2 * w18) + (x3 * w19) + (x4 * w20) + (x5 * w21) + (x6 * w22) + (x7 * w23)
                            + (x8 * w24) + (x9 * w25) + (x10 * w26) + (x11 * w27) + (x12 * w28) + (x13 * w29) + (x14 * w30) + (x15 * w31);
                        lanes[q + 2] += (x0 * w32) + (x1 * w33) + (x2 * w34) + (x3 * w35) + (x4 * w36) + (x5 * w37) + (x6 * w38) + (x7 * w39)
                            + (x8 * w40) + (x9 * w41) + (x10 * w42) + (x11 * w43) + (x12 * w44) + (x13 * w45) + (x14 * w46) + (x15 * w47);
                        if (triples > 3)
                        {
                            lanes[q + 3] += (x0 * w48) + (x1 * w49) + (x2 * w50) + (x3 * w51) + (x4 * w52) + (x5 * w53) + (x6 * w54) + (x7 * w55)
                                + (x8 * w56) + (x9 * w57) + (x10 * w58) + (x11 * w59) + (x12 * w60) + (x13 * w61) + (x14 * w62) + (x15 * w63);
                            lanes[q + 4] += (x0 * w64) + (x1 * w65) + (x2 * w66) + (x3 * w67) + (x4 * w68) + (x5 * w69) + (x6 * w70) + (x7 * w71)
                                + (x8 * w72) + (x9 * w73) + (x10 * w74) + (x11 * w75) + (x12 * w76) + (x13 * w77) + (x14 * w78) + (x15 * w79);
                            lanes[q + 5] += (x0 * w80) + (x1 * w81) + (x2 * w82) + (x3 * w83) + (x4 * w84) + (x5 * w85) + (x6 * w86) + (x7 * w87)
                                + (x8 * w88) + (x9 * w89) + (x10 * w90) + (x11 * w91) + (x12 * w92) + (x13 * w93) + (x14 * w94) + (x15 * w95);
                            if (triples > 6)
                            {
                                lanes[q + 6] += (x0 * w96) + (x1 * w97) + (x2 * w98) + (x3 * w99) + (x4 * w100) + (x5 * w101) + (x6 * w102) + (x7 * w103)
                                    + (x8 * w104) + (x9 * w105) + (x10 * w106) + (x11 * w107) + (x12 * w108) + (x13 * w109) + (x14 * w110) + (x15 * w111);
                                lanes[q + 7] += (x0 * w112) + (x1 * w113) + (x2 * w114) + (x3 * w115) + (x4 * w116) + (x5 * w117) + (x6 * w118) + (x7 * w119)
                                    + (x8 * w120) + (x9 * w121) + (x10 * w122) + (x11 * w123) + (x12 * w124) + (x13 * w125) + (x14 * w126) + (x15 * w127);
                                if (triples > 8)
                                {
                                    lanes[q + 8] += (x0 * w128) + (x1 * w129) + (x2 * w130) + (x3 * w131) + (x4 * w132) + (x5 * w133) + (x6 * w134) + (x7 * w135)
                                        + (x8 * w136) + (x9 * w137) + (x10 * w138) + (x11 * w139) + (x12 * w140) + (x13 * w141) + (x14 * w142) + (x15 * w143);
                                    lanes[q + 9] += (x0 * w144) + (x1 * w145) + (x2 * w146) + (x3 * w147) + (x4 * w148) + (x5 * w149) + (x6 * w150) + (x7 * w151)
                                        + (x8 * w152) + (x9 * w153) + (x10 * w154) + (x11 * w155) + (x12 * w156) + (x13 * w157) + (x14 * w158) + (x15 * w159);
                                    lanes[q + 10] += (x0 * w160) + (x1 * w161) + (x2 * w162) + (x3 * w163) + (x4 * w164) + (x5 * w165) + (x6 * w166) + (x7 * w167)
                                        + (x8 * w168) + (x9 * w169) + (x10 * w170) + (x11 * w171) + (x12 * w172) + (x13 * w173) + (x14 * w174) + (x15 * w175);
                                }
                            }
                        }
                        p += step;
                        q += triples;
                    }
                    while (p != end);
                    row += rowStep;
                    rows--;
                }
                while (rows != 0);
            }
            else
            {
                do
                {
                    p = row;
                    end = row + (columns * step);
                    do
                    {
                        x0 = arena[p]; x1 = arena[p + 1]; x2 = arena[p + 2]; x3 = arena[p + 3]; x4 = arena[p + 4]; x5 = arena[p + 5]; x6 = arena[p + 6]; x7 = arena[p + 7];
                        x8 = arena[p + 8]; x9 = arena[p + 9]; x10 = arena[p + 10]; x11 = arena[p + 11];
                        lanes[q] += (x0 * w0) + (x1 * w1) + (x2 * w2) + (x3 * w3) + (x4 * w4) + (x5 * w5) + (x6 * w6) + (x7 * w7)
                            + (x8 * w8) + (x9 * w9) + (x10 * w10) + (x11 * w11);
                        lanes[q + 1] += (x0 * w12) + (x1 * w13) + (x2 * w14) + (x3 * w15) + (x4 * w16) + (x5 * w17) + (x6 * w18) + (x7 * w19)
                            + (x8 * w20) + (x9 * w21) + (x10 * w22) + (x11 * w23);
                        lanes[q + 2] += (x0 * w24) + (x1 * w25) + (x2 * w26) + (x3 * w27) + (x4 * w28) + (x5 * w29) + (x6 * w30) + (x7 * w31)
                            + (x8 * w32) + (x9 * w33) + (x10 * w34) + (x11 * w35);
                        if (triples > 3)
                        {
                            lanes[q + 3] += (x0 * w36) + (x1 * w37) + (x2 * w38) + (x3 * w39) + (x4 * w40) + (x5 * w41) + (x6 * w42) + (x7 * w43)
                                + (x8 * w44) + (x9 * w45) + (x10 * w46) + (x11 * w47);
                            lanes[q + 4] += (x0 * w48) + (x1 * w49) + (x2 * w50) + (x3 * w51) + (x4 * w52) + (x5 * w53) + (x6 * w54) + (x7 * w55)
                                + (x8 * w56) + (x9 * w57) + (x10 * w58) + (x11 * w59);
                            lanes[q + 5] += (x0 * w60) + (x1 * w61) + (x2 * w62) + (x3 * w63) + (x4 * w64) + (x5 * w65) + (x6 * w66) + (x7 * w67)
                                + (x8 * w68) + (x9 * w69) + (x10 * w70) + (x11 * w71);
                            if (triples > 6)
                            {
                                lanes[q + 6] += (x0 * w72) + (x1 * w73) + (x2 * w74) + (x3 * w75) + (x4 * w76) + (x5 * w77) + (x6 * w78) + (x7 * w79)
                                    + (x8 * w80) + (x9 * w81) + (x10 * w82) + (x11 * w83);
                                lanes[q + 7] += (x0 * w84) + (x1 * w85) + (x2 * w86) + (x3 * w87) + (x4 * w88) + (x5 * w89) + (x6 * w90) + (x7 * w91)
                                    + (x8 * w92) + (x9 * w93) + (x10 * w94) + (x11 * w95);
                                if (triples > 8)
                                {
                                    lanes[q + 8] += (x0 * w96) + (x1 * w97) + (x2 * w98) + (x3 * w99) + (x4 * w100) + (x5 * w101) + (x6 * w102) + (x7 * w103)
                                        + (x8 * w104) + (x9 * w105) + (x10 * w106) + (x11 * w107);
                                    lanes[q + 9] += (x0 * w108) + (x1 * w109) + (x2 * w110) + (x3 * w111) + (x4 * w112) + (x5 * w113) + (x6 * w114) + (x7 * w115)
                                        + (x8 * w116) + (x9 * w117) + (x10 * w118) + (x11 * w119);
                                    lanes[q + 10] += (x0 * w120) + (x1 * w121) + (x2 * w122) + (x3 * w123) + (x4 * w124) + (x5 * w125) + (x6 * w126) + (x7 * w127)
                                        + (x8 * w128) + (x9 * w129) + (x10 * w130) + (x11 * w131);
                                }
                            }
                        }
                        p += step;
                        q += triples;
                    }
                    while (p != end);
                    row += rowStep;
                    rows--;
                }
                while (rows != 0);
            }
        }
    }
}
