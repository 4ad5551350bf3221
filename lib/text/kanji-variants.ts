/**
 * Characters that people write for one another in names, places and companies: the usual one first, then its old and other forms.
 * For matching only. 坂/阪, 庄/荘 and the like are different names and stay apart. Compatibility forms (神 U+FA19 and others) are not
 * listed: NFKC knows them.
 */
const groups =
  '高髙 崎﨑嵜 辺邉邊 斎齋齊斉 浜濱濵 吉𠮷 沢澤 広廣 国國圀 竜龍 滝瀧 桜櫻 桧檜 島嶋嶌 真眞 恵惠 関關 黒黑 徳德 浅淺 塩鹽 静靜 鉄鐵銕 ' +
  '万萬 与與 芸藝 実實 学學 宝寶寳 寿壽 栄榮 円圓 応應 桑桒 来來 礼禮 会會 条條 県縣 亀龜 児兒 巣巢 巌巖 峰峯 曽曾 柳栁 柏栢 桝枡 槙槇 横橫 ' +
  '渋澁澀 渕淵渊 瀬瀨 灯燈 焼燒 狭狹 猪豬 瑶瑤 画畫 発發 禄祿 秋穐龝 称稱 稲稻 穂穗 経經 総總 緑綠 縄繩 続續 聡聰 船舩 荘莊 蔵藏 薮藪籔 虎乕 ' +
  '蛍螢 衛衞 覚覺 観觀 触觸 証證 誉譽 読讀 豊豐 売賣 軽輕 転轉 遥遙 酔醉 郎郞 鉱鑛礦 銭錢 鋭銳 録錄 鎌鐮 鎮鎭 隠隱 陥陷 雑雜 頼賴 顔顏 顕顯 ' +
  '駅驛 駆驅 騒騷 験驗 髪髮 鴎鷗 鶏鷄雞 麦麥 麺麵 黄黃 歯齒 齢齡 土圡 富冨 寛寬 将將 岳嶽 峡峽 帯帶 弥彌 従從 悦悅 恒恆 慎愼 戦戰 戸戶 払拂 ' +
  '抜拔 択擇 拝拜 拠據 挙擧 挿插 捜搜 掲揭 揺搖 摂攝 撃擊 数數 断斷 旧舊 昼晝 晋晉 晃晄 暁曉 暦曆 朗朖 松枩 枢樞 栃杤 楽樂 楼樓 様樣 権權 欧歐 ' +
  '歓歡 歩步 歴歷 気氣 沖冲 涼凉 浄淨 涙淚 清淸 済濟 渓溪谿 温溫 湾灣 満滿 滞滯 潜潛 為爲 点點 献獻 畳疊 痴癡 盗盜 研硏 秘祕 窓窗 粋粹 糸絲 絵繪 ' +
  '継繼 繊纖 缶罐 翠翆 聴聽 脳腦 臓臟 艶艷 茎莖 薫薰 薬藥 虫蟲 蚕蠶 蛮蠻 装裝 褒襃 訳譯 謡謠 譲讓 賛贊 践踐 辞辭 逓遞 遅遲 郷鄕 医醫 醸釀 釈釋 ' +
  '野埜 鋳鑄 閲閱 随隨 険險 霊靈 青靑 館舘 餅餠 鯵鰺 鶴靏靍 鴬鶯 麹麴 侠俠 倹儉 仏佛 仮假 伝傳 体體 価價 偽僞 党黨 内內 処處 凛凜 剣劍劔剱 剰剩 ' +
  '効效 勅敕 励勵 労勞 勲勳勛 区區 単單 厳嚴 参參 双雙 収收 叙敍敘 号號 呉吳 営營 団團 囲圍 図圖 圧壓 塁壘 増增 壊壞 壌壤 壮壯 声聲 変變 奥奧 ' +
  '奨奬 姉姊 娯娛 嬢孃 巻卷 尭堯 尽盡 届屆 属屬 庁廳 床牀 弁辨瓣辯 弐貳 弾彈 当當 径徑 彦彥 徴徵 恋戀 悪惡 懐懷 戯戲 担擔 昂昻 検檢 残殘 殻殼 ' +
  '毎每 没沒 湿濕 炉爐 熙煕凞 犠犧 独獨 獣獸 瓶甁 留畱 皐皋 砕碎 祢禰 禅禪 穏穩 穣穰 糾糺 縦縱 群羣 肇肈 胆膽 舎舍 舗舖 蒋蔣 蝉蟬 裏裡 醤醬 ' +
  '頚頸 頬頰 騨驒 欠缺 殴毆 杯盃 両兩 並竝 乗乘 乱亂 争爭 亜亞 亘亙 今仐 刃刄 即卽 却卻 喜㐂 器噐 塚塜 壱壹 宮宫 姫姬 寝寢 専專 帰歸 廉亷 教敎 概槪 歳歲';

const canonical: ReadonlyMap<string, string> = new Map(
  groups.split(' ').flatMap((group) => {
    const [usual = '', ...others] = group;
    return others.map((other) => [other, usual] as const);
  }),
);

/** The text with every variant replaced by the usual character. */
export const foldVariants = (text: string): string =>
  text.replace(/\p{Script=Han}/gu, (letter) => canonical.get(letter) ?? letter);
